//! Cutting an image to size and writing it anew, smaller.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType as Sampling;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, Rgb, RgbImage, Rgba};
use stoa_domain::{ImageError as HeadError, ImageHead, MAX_IMAGE_PIXELS};

/// The most memory a decoder may take: what 50 million pixels need.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// A rectangle in the pixels of the image as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crop {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// What becomes of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) crop: Option<Crop>,
    /// The longer side becomes at most this long, in pixels.
    pub(crate) most_side: Option<u32>,
    pub(crate) saved: Saved,
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Saved {
    /// 1 to 100; what is see-through becomes white.
    Jpeg {
        quality: u8,
    },
    Png,
    /// Without loss.
    Webp,
}

/// Why an image stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PictureError {
    /// No image of a kind that can be changed: an AVIF, a GIF, something else.
    NotChangeable,
    Broken,
    TooManyPixels,
    /// The rectangle does not lie in the image.
    Outside,
}

/// The image as it is to be.
pub(crate) fn change(bytes: &[u8], change: &Change) -> Result<DynamicImage, PictureError> {
    let mut image = decoded(bytes)?;
    if let Some(crop) = change.crop {
        image = cut(&image, crop)?;
    }
    match change.most_side {
        Some(side) if image.width().max(image.height()) > side => {
            Ok(image.resize(side.max(1), side.max(1), Sampling::CatmullRom))
        }
        _ => Ok(image),
    }
}

/// The header is looked at before anything is decoded.
fn decoded(bytes: &[u8]) -> Result<DynamicImage, PictureError> {
    ImageHead::read(bytes).map_err(|error| match error {
        HeadError::TooManyPixels => PictureError::TooManyPixels,
        HeadError::Unknown => PictureError::NotChangeable,
        HeadError::Broken => PictureError::Broken,
    })?;
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|_| PictureError::Broken)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    // What is decoded is what the decoder takes the header for, and it holds all of it at once.
    let (width, height) = decoder.dimensions();
    let n_pixels = u64::from(width) * u64::from(height);
    if n_pixels > MAX_IMAGE_PIXELS || decoder.total_bytes() > MOST_BYTES {
        return Err(PictureError::TooManyPixels);
    }
    let turned = decoder.orientation().map_err(|error| refusal(&error))?;
    let image = DynamicImage::from_decoder(decoder);
    let mut image = image.map_err(|error| refusal(&error))?;
    image.apply_orientation(turned);
    Ok(image)
}

fn refusal(error: &ImageError) -> PictureError {
    match error {
        ImageError::Unsupported(_) => PictureError::NotChangeable,
        ImageError::Limits(_) => PictureError::TooManyPixels,
        _ => PictureError::Broken,
    }
}

fn cut(image: &DynamicImage, crop: Crop) -> Result<DynamicImage, PictureError> {
    let fits = |from: u32, length: u32, of: u32| {
        length > 0 && from.checked_add(length).is_some_and(|end| end <= of)
    };
    let is_inside =
        fits(crop.x, crop.width, image.width()) && fits(crop.y, crop.height, image.height());
    match is_inside {
        true => Ok(image.crop_imm(crop.x, crop.y, crop.width, crop.height)),
        false => Err(PictureError::Outside),
    }
}

/// Writes an image; nothing of where and when it was taken goes with it.
pub(crate) fn encode(image: &DynamicImage, saved: Saved) -> Result<Vec<u8>, PictureError> {
    let mut out = Vec::new();
    let written = match saved {
        Saved::Jpeg { quality } => {
            let encoder = JpegEncoder::new_with_quality(&mut out, quality.clamp(1, 100));
            on_white(image).write_with_encoder(encoder)
        }
        Saved::Png => {
            let (pressed, filter) = (CompressionType::Best, FilterType::Adaptive);
            let encoder = PngEncoder::new_with_quality(&mut out, pressed, filter);
            of_eight_bits(image).write_with_encoder(encoder)
        }
        Saved::Webp => {
            let encoder = WebPEncoder::new_lossless(&mut out);
            of_eight_bits(image).write_with_encoder(encoder)
        }
    };
    written.map(|()| out).map_err(|error| refusal(&error))
}

/// As few channels as the image needs, one byte each.
fn of_eight_bits(image: &DynamicImage) -> DynamicImage {
    match image.color().has_alpha() {
        true => DynamicImage::ImageRgba8(image.to_rgba8()),
        false => DynamicImage::ImageRgb8(image.to_rgb8()),
    }
}

fn on_white(image: &DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return DynamicImage::ImageRgb8(image.to_rgb8());
    }
    let seen = image.to_rgba8();
    let white = RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let Rgba([red, green, blue, alpha]) = *seen.get_pixel(x, y);
        Rgb([red, green, blue].map(|one| over_white(one, alpha)))
    });
    DynamicImage::ImageRgb8(white)
}

fn over_white(one: u8, alpha: u8) -> u8 {
    let (one, alpha) = (u32::from(one), u32::from(alpha));
    let mixed = (one * alpha + 255 * (255 - alpha) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red on the left, see-through on the right.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let image = image::RgbaImage::from_fn(width, height, |x, _| match x < width / 2 {
            true => Rgba([255, 0, 0, 255]),
            false => Rgba([0, 0, 0, 0]),
        });
        encode(&DynamicImage::ImageRgba8(image), Saved::Png).unwrap()
    }

    fn of(saved: Saved) -> Change {
        Change {
            crop: None,
            most_side: None,
            saved,
        }
    }

    #[test]
    fn a_rectangle_is_cut_out_and_made_smaller() {
        let crop = Crop {
            x: 0,
            y: 10,
            width: 40,
            height: 20,
        };
        let wanted = Change {
            crop: Some(crop),
            most_side: Some(20),
            ..of(Saved::Webp)
        };
        let made = change(&png(80, 60), &wanted).unwrap();
        assert_eq!((made.width(), made.height()), (20, 10));
        for saved in [Saved::Webp, Saved::Png, Saved::Jpeg { quality: 80 }] {
            let bytes = encode(&made, saved).unwrap();
            let head = ImageHead::read(&bytes).unwrap();
            assert_eq!((head.width, head.height), (20, 10), "{saved:?}");
            let again = decoded(&bytes).unwrap().to_rgb8();
            let Rgb([red, green, blue]) = *again.get_pixel(5, 5);
            assert!(red > 240 && green < 15 && blue < 15, "{saved:?}");
        }
    }

    #[test]
    fn what_is_see_through_is_white_in_a_jpeg() {
        let made = change(&png(16, 16), &of(Saved::Png)).unwrap();
        let bytes = encode(&made, Saved::Jpeg { quality: 95 }).unwrap();
        let again = decoded(&bytes).unwrap().to_rgb8();
        assert!(again.get_pixel(15, 8).0.iter().all(|one| *one > 240));
    }

    #[test]
    fn what_does_not_lie_in_the_image_is_refused() {
        let bytes = png(10, 10);
        for (x, width) in [(0, 11), (10, 1), (5, 6), (0, 0), (u32::MAX, 2)] {
            let crop = Crop {
                x,
                y: 0,
                width,
                height: 5,
            };
            let wanted = Change {
                crop: Some(crop),
                ..of(Saved::Png)
            };
            let refused = change(&bytes, &wanted).unwrap_err();
            assert_eq!(refused, PictureError::Outside, "{x} {width}");
        }
    }

    #[test]
    fn an_image_of_few_pixels_that_are_large_is_refused_too() {
        let mut deep = b"\x89PNG\r\n\x1a\n".to_vec();
        // Eight bytes for each pixel: what fits by its number does not by what it takes.
        let mut head = b"IHDR".to_vec();
        head.extend(7_000_u32.to_be_bytes());
        head.extend(7_000_u32.to_be_bytes());
        head.extend(b"\x10\x06\0\0\0");
        for chunk in [head, b"IDAT".to_vec()] {
            let length = u32::try_from(chunk.len() - 4).unwrap();
            deep.extend(length.to_be_bytes());
            deep.extend(&chunk);
            let mut sum = flate2::Crc::new();
            sum.update(&chunk);
            deep.extend(sum.sum().to_be_bytes());
        }
        assert!(ImageHead::read(&deep).is_ok());
        let refused = change(&deep, &of(Saved::Png)).unwrap_err();
        assert_eq!(refused, PictureError::TooManyPixels);
    }

    #[test]
    fn hostile_images_are_refused_before_they_are_decoded() {
        let mut huge = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        huge.extend(50_000_u32.to_be_bytes());
        huge.extend(50_000_u32.to_be_bytes());
        huge.extend(b"\x08\x06\0\0\0\0\0\0\0");
        let whole = png(64, 64);
        let cases = [
            (huge.as_slice(), PictureError::TooManyPixels),
            (b"GIF89a\x01\0\x01\0\0\0\0", PictureError::NotChangeable),
            (b"<svg/>", PictureError::NotChangeable),
            (&whole[..whole.len() / 2], PictureError::Broken),
        ];
        for (bytes, why) in cases {
            let refused = change(bytes, &of(Saved::Png)).unwrap_err();
            assert_eq!(refused, why);
        }
    }
}

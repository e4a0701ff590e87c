//! What stays of an image: a rectangle inside it that is moved, sized and kept in a proportion.

/// One step of an arrow key, in pixels of the image.
pub(super) const NUDGE: i64 = 1;

/// Width to height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aspect {
    Free,
    Of(u32, u32),
}

/// The proportions that are offered, with the keys of their texts.
pub(super) const ASPECTS: [(Aspect, &str); 5] = [
    (Aspect::Free, "crop-aspect-free"),
    (Aspect::Of(1, 1), "crop-aspect-square"),
    (Aspect::Of(4, 3), "crop-aspect-4-3"),
    (Aspect::Of(16, 9), "crop-aspect-16-9"),
    (Aspect::Of(900, 383), "crop-aspect-cover"),
];

/// What is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grip {
    Whole,
    /// The corner at the top left.
    Start,
    /// The corner at the bottom right.
    End,
}

impl Grip {
    pub(super) fn name(self) -> &'static str {
        match self {
            Grip::Whole => "whole",
            Grip::Start => "start",
            Grip::End => "end",
        }
    }
}

/// A rectangle inside an image; it always lies in it and is never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rectangle {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Width and height of the image.
    pub(super) of: (u32, u32),
}

impl Rectangle {
    pub(super) fn whole(of: (u32, u32)) -> Self {
        Self {
            x: 0,
            y: 0,
            width: of.0,
            height: of.1,
            of,
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        *self == Self::whole(self.of)
    }

    /// The same size at another place, as near as the image allows.
    pub(super) fn moved_to(self, x: u32, y: u32) -> Self {
        Self {
            x: x.min(self.of.0 - self.width),
            y: y.min(self.of.1 - self.height),
            ..self
        }
    }

    /// Another size at the same place, as near as the image allows.
    pub(super) fn sized(self, width: u32, height: u32) -> Self {
        Self {
            width: width.clamp(1, self.of.0 - self.x),
            height: height.clamp(1, self.of.1 - self.y),
            ..self
        }
    }

    /// The largest in a proportion around the same middle.
    pub(super) fn fitted(self, aspect: Aspect) -> Self {
        let Aspect::Of(wide, high) = aspect else {
            return self;
        };
        let (width, height) = fit((self.width, self.height), (wide, high));
        Self {
            x: self.x + (self.width - width) / 2,
            y: self.y + (self.height - height) / 2,
            width,
            height,
            ..self
        }
    }

    /// After its grip was moved by so many pixels to the right and down.
    pub(super) fn dragged(self, grip: Grip, (right, down): (i64, i64), aspect: Aspect) -> Self {
        match grip {
            Grip::Whole => self.moved_to(add(self.x, right), add(self.y, down)),
            Grip::End => {
                let sized = self.sized(add(self.width, right), add(self.height, down));
                let Aspect::Of(wide, high) = aspect else {
                    return sized;
                };
                let (width, height) = fit((sized.width, sized.height), (wide, high));
                self.sized(width, height)
            }
            Grip::Start => self.dragged_by_start((right, down), aspect),
        }
    }

    fn dragged_by_start(self, (right, down): (i64, i64), aspect: Aspect) -> Self {
        let (end_x, end_y) = (self.x + self.width, self.y + self.height);
        let x = add(self.x, right).min(end_x - 1);
        let y = add(self.y, down).min(end_y - 1);
        let (mut width, mut height) = (end_x - x, end_y - y);
        if let Aspect::Of(wide, high) = aspect {
            (width, height) = fit((width, height), (wide, high));
        }
        Self {
            x: end_x - width,
            y: end_y - height,
            width,
            height,
            of: self.of,
        }
    }

    /// Place and size as shares of the image, by the names of styles.
    pub(super) fn shares(&self) -> [(&'static str, f64); 4] {
        let share = |part: u32, of: u32| f64::from(part) / f64::from(of.max(1));
        [
            ("left", share(self.x, self.of.0)),
            ("top", share(self.y, self.of.1)),
            ("width", share(self.width, self.of.0)),
            ("height", share(self.height, self.of.1)),
        ]
    }
}

/// The largest size in a proportion inside another one.
fn fit((width, height): (u32, u32), (wide, high): (u32, u32)) -> (u32, u32) {
    let scaled = |side: u32, to: u32, from: u32| {
        let scaled = u64::from(side) * u64::from(to) / u64::from(from.max(1));
        u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
    };
    let by_width = scaled(width, high, wide);
    match by_width <= height {
        true => (width, by_width),
        false => (scaled(height, wide, high).min(width), height),
    }
}

fn add(to: u32, by: i64) -> u32 {
    let sum = i64::from(to)
        .saturating_add(by)
        .clamp(0, i64::from(u32::MAX));
    u32::try_from(sum).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn lies_inside(rectangle: Rectangle) {
        let (width, height) = rectangle.of;
        assert!(rectangle.width > 0 && rectangle.height > 0, "{rectangle:?}");
        assert!(rectangle.x + rectangle.width <= width, "{rectangle:?}");
        assert!(rectangle.y + rectangle.height <= height, "{rectangle:?}");
    }

    #[test]
    fn whatever_is_dragged_or_typed_stays_inside_the_image() {
        for of in [(1, 1), (200, 100), (3, 4000)] {
            for grip in [Grip::Whole, Grip::Start, Grip::End] {
                for by in [(5, 5), (-7, 9), (9_000, -9_000), (i64::MIN, i64::MAX)] {
                    for (aspect, _) in ASPECTS {
                        let start = Rectangle::whole(of).fitted(aspect);
                        lies_inside(start);
                        lies_inside(start.dragged(grip, by, aspect));
                        lies_inside(start.sized(40, 0).moved_to(u32::MAX, 7));
                    }
                }
            }
        }
    }

    #[test]
    fn a_proportion_is_kept_around_the_middle() {
        let wide = Rectangle::whole((400, 100)).fitted(Aspect::Of(1, 1));
        assert_eq!(
            (wide.x, wide.y, wide.width, wide.height),
            (150, 0, 100, 100)
        );
        let smaller = wide.dragged(Grip::End, (-40, 0), Aspect::Of(1, 1));
        assert_eq!((smaller.width, smaller.height), (60, 60));
        let moved = smaller.dragged(Grip::Whole, (500, 10), Aspect::Free);
        assert_eq!((moved.x, moved.y), (340, 10));
    }
}

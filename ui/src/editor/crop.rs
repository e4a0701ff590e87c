//! An image cut to size and written anew: by its handles, or by numbers.

use stoa_domain::DraftId;
use stoa_ipc::{ChangeImage, Failure, ImageChange, ImageCrop, ImageSaved, TriedImage, TryImage};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlInputElement, PointerEvent};
use yew::prelude::*;

use super::images::{SharedImages, hash_in};
use super::rectangle::{ASPECTS, Aspect, Grip, NUDGE, Rectangle};
use crate::boot::set_style;
use crate::format::size;
use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Choice, Choices, Dialog, Field};
use crate::t;
use crate::texts::{Words, use_words};

#[derive(Properties, PartialEq)]
pub(crate) struct CropDialogProps {
    pub(crate) draft: DraftId,
    pub(crate) images: SharedImages,
    /// The address in the text.
    pub(crate) source: String,
    pub(crate) onclose: Callback<()>,
}

/// How an image can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Jpeg,
    Webp,
    Png,
}

/// What was chosen so far. Numbers are kept as they are typed.
#[derive(Debug, Clone, PartialEq)]
struct Wanted {
    rectangle: Option<Rectangle>,
    aspect: Aspect,
    form: Form,
    quality: String,
    most_side: String,
}

impl Wanted {
    fn change(&self) -> Option<ImageChange> {
        let rectangle = self.rectangle?;
        let quality = self.quality.trim().parse().ok();
        let most_side = match self.most_side.trim() {
            "" => None,
            typed => Some(typed.parse().ok().filter(|side| *side > 0)?),
        };
        let crop = (!rectangle.is_whole()).then_some(ImageCrop {
            x: rectangle.x,
            y: rectangle.y,
            width: rectangle.width,
            height: rectangle.height,
        });
        let saved = match self.form {
            Form::Png => ImageSaved::Png,
            Form::Webp => ImageSaved::Webp,
            Form::Jpeg => ImageSaved::Jpeg {
                quality: quality.filter(|quality| (1..=100).contains(quality))?,
            },
        };
        Some(ImageChange {
            crop,
            most_side,
            saved,
        })
    }
}

#[component]
pub(crate) fn CropDialog(props: &CropDialogProps) -> Html {
    let words = use_words();
    let wanted = use_state_eq(|| Wanted {
        rectangle: None,
        aspect: Aspect::Free,
        form: Form::Jpeg,
        quality: "80".to_owned(),
        most_side: String::new(),
    });
    let tried = use_tried(&props.source, wanted.change());
    let failed = use_state_eq(|| None::<Failure>);
    let set = |change: fn(&mut Wanted, String)| {
        let wanted = wanted.clone();
        Callback::from(move |typed: String| {
            let mut next = (*wanted).clone();
            change(&mut next, typed);
            wanted.set(next);
        })
    };
    let onrectangle = {
        let wanted = wanted.clone();
        Callback::from(move |rectangle: Rectangle| {
            wanted.set(Wanted {
                rectangle: Some(rectangle),
                ..(*wanted).clone()
            });
        })
    };
    let submit = use_changing(props, wanted.change(), failed.clone());
    let address = props.images.0.address(&props.source);
    let onform = choose(&wanted, |next, form| next.form = form);
    html! {
        <Dialog title={t!(words, "crop-title")} onclose={props.onclose.clone()} wide=true testid="crop-dialog">
            <form class="form" onsubmit={submit}>
                <Frame {address} rectangle={wanted.rectangle} aspect={wanted.aspect} onchange={onrectangle.clone()} />
                <Aspects words={words.clone()} wanted={wanted.clone()} />
                if let Some(rectangle) = wanted.rectangle { <Numbers {rectangle} onchange={onrectangle} /> }
                <Choices<Form> label={t!(words, "crop-form")} name="crop-form" choices={forms(&words)} chosen={wanted.form} onchoose={onform} />
                <div class="crop-numbers">
                    if wanted.form == Form::Jpeg {
                        <Field name="crop-quality" kind="number" label={t!(words, "crop-quality")} value={wanted.quality.clone()}
                            oninput={set(|next, typed| next.quality = typed)} />
                    }
                    <Field name="crop-most-side" kind="number" label={t!(words, "crop-most-side")} value={wanted.most_side.clone()}
                        oninput={set(|next, typed| next.most_side = typed)} />
                </div>
                <p class="about" role="status" data-testid="crop-size">{ said(&words, tried.as_ref(), failed.as_ref()) }</p>
                <div class="buttons end">
                    <Button kind={ButtonKind::Main} submit=true disabled={wanted.change().is_none()} label={t!(words, "crop-use")} testid="crop-use" />
                </div>
            </form>
        </Dialog>
    }
}

fn choose<T: 'static>(wanted: &UseStateHandle<Wanted>, change: fn(&mut Wanted, T)) -> Callback<T> {
    let wanted = wanted.clone();
    Callback::from(move |chosen: T| {
        let mut next = (*wanted).clone();
        change(&mut next, chosen);
        wanted.set(next);
    })
}

fn forms(words: &Words) -> Vec<Choice<Form>> {
    let form = |value, key: &str| Choice {
        value,
        label: words.get(key),
        lang: None,
    };
    vec![
        form(Form::Jpeg, "crop-form-jpeg"),
        form(Form::Webp, "crop-form-webp"),
        form(Form::Png, "crop-form-png"),
    ]
}

/// The size before and after, or why it cannot be.
fn said(
    words: &Words,
    tried: Option<&Result<TriedImage, Failure>>,
    failed: Option<&Failure>,
) -> AttrValue {
    let refused = failed.or(tried.and_then(|tried| tried.as_ref().err()));
    if let Some(failure) = refused {
        return match failure.fields.first() {
            Some(blamed) => words.get(&format!("field-{}", blamed.reason)),
            None => words.get(&crate::failures::text_key(failure.code)),
        };
    }
    match tried {
        Some(Ok(tried)) => t!(
            words,
            "crop-size",
            before = size(tried.size_before),
            after = size(tried.size),
            width = tried.width,
            height = tried.height
        ),
        _ => t!(words, "crop-counting"),
    }
}

#[derive(Properties, PartialEq)]
struct AspectsProps {
    words: Words,
    wanted: UseStateHandle<Wanted>,
}

#[component]
fn Aspects(props: &AspectsProps) -> Html {
    let words = &props.words;
    let choice = |(value, key): &(Aspect, &'static str)| Choice {
        value: *value,
        label: words.get(key),
        lang: None,
    };
    let onchoose = choose(&props.wanted, |next, aspect: Aspect| {
        next.aspect = aspect;
        next.rectangle = next.rectangle.map(|rectangle| rectangle.fitted(aspect));
    });
    html! {
        <Choices<Aspect> label={t!(words, "crop-aspect")} name="crop-aspect" choices={ASPECTS.iter().map(choice).collect::<Vec<_>>()}
            chosen={props.wanted.aspect} {onchoose} />
    }
}

#[derive(Properties, PartialEq)]
struct NumbersProps {
    rectangle: Rectangle,
    onchange: Callback<Rectangle>,
}

/// The rectangle by its numbers, in pixels.
#[component]
fn Numbers(props: &NumbersProps) -> Html {
    let words = use_words();
    let rectangle = props.rectangle;
    let field = |name: &'static str,
                 key: &str,
                 value: u32,
                 change: fn(Rectangle, u32) -> Rectangle| {
        let onchange = props.onchange.clone();
        let oninput = Callback::from(move |typed: String| {
            if let Ok(number) = typed.trim().parse() {
                onchange.emit(change(rectangle, number));
            }
        });
        html! { <Field {name} kind="number" label={words.get(key)} value={value.to_string()} {oninput} /> }
    };
    html! {
        <div class="crop-numbers">
            { field("crop-x", "crop-x", rectangle.x, |r, x| r.moved_to(x, r.y)) }
            { field("crop-y", "crop-y", rectangle.y, |r, y| r.moved_to(r.x, y)) }
            { field("crop-width", "crop-width", rectangle.width, |r, width| r.sized(width, r.height)) }
            { field("crop-height", "crop-height", rectangle.height, |r, height| r.sized(r.width, height)) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FrameProps {
    address: Option<String>,
    rectangle: Option<Rectangle>,
    aspect: Aspect,
    onchange: Callback<Rectangle>,
}

/// The image with what stays of it; the rectangle and its corners are moved by pointer or arrows.
#[component]
fn Frame(props: &FrameProps) -> Html {
    let words = use_words();
    let (image, cut) = (use_node_ref(), use_node_ref());
    let onload = {
        let (image, onchange) = (image.clone(), props.onchange.clone());
        Callback::from(move |_: Event| {
            if let Some(rectangle) = image.cast::<Element>().and_then(|image| natural(&image)) {
                onchange.emit(rectangle);
            }
        })
    };
    {
        let cut = cut.clone();
        use_effect_with(props.rectangle, move |rectangle| {
            if let (Some(cut), Some(rectangle)) = (cut.cast::<Element>(), rectangle) {
                for (name, share) in rectangle.shares() {
                    set_style(&cut, name, &format!("{:.3}%", share * 100.0));
                }
            }
        });
    }
    let grip = |grip: Grip, class: &'static str, key: &str| {
        let handlers = handlers(props, grip, image.clone());
        html! {
            <button type="button" {class} aria-label={words.get(key)} data-testid={format!("crop-{}", grip.name())}
                onkeydown={handlers.key} onpointerdown={handlers.down} onpointermove={handlers.moved} />
        }
    };
    html! {
        <div class="crop-frame">
            <img ref={image.clone()} src={props.address.clone()} alt={t!(words, "crop-image")} draggable="false" {onload} />
            if props.rectangle.is_some() {
                <div ref={cut} class="crop-cut">
                    { grip(Grip::Whole, "crop-whole", "crop-grip-whole") }
                    { grip(Grip::Start, "crop-grip start", "crop-grip-start") }
                    { grip(Grip::End, "crop-grip end", "crop-grip-end") }
                </div>
            }
        </div>
    }
}

struct Handlers {
    key: Callback<KeyboardEvent>,
    down: Callback<PointerEvent>,
    moved: Callback<PointerEvent>,
}

fn handlers(props: &FrameProps, grip: Grip, image: NodeRef) -> Handlers {
    let (rectangle, aspect, onchange) = (props.rectangle, props.aspect, props.onchange.clone());
    let key = {
        let onchange = onchange.clone();
        Callback::from(move |event: KeyboardEvent| {
            let far = if event.shift_key() { NUDGE * 10 } else { NUDGE };
            let (right, down) = match event.key().as_str() {
                "ArrowLeft" => (-far, 0),
                "ArrowRight" => (far, 0),
                "ArrowUp" => (0, -far),
                "ArrowDown" => (0, far),
                _ => return,
            };
            event.prevent_default();
            if let Some(rectangle) = rectangle {
                onchange.emit(rectangle.dragged(grip, (right, down), aspect));
            }
        })
    };
    let down = Callback::from(move |event: PointerEvent| {
        let target: Element = event.target_unchecked_into();
        // Without it the pointer is followed only above the handle.
        let _ = target.set_pointer_capture(event.pointer_id());
    });
    let moved = Callback::from(move |event: PointerEvent| {
        let Some((rectangle, shown)) = rectangle.zip(image.cast::<Element>()) else {
            return;
        };
        if event.buttons() & 1 == 0 {
            return;
        }
        let wide = shown.get_bounding_client_rect().width().max(1.0);
        let scale = f64::from(rectangle.of.0) / wide;
        #[allow(clippy::cast_possible_truncation)] // a movement on the screen
        let pixels = |moved: i32| (f64::from(moved) * scale).round() as i64;
        let by = (pixels(event.movement_x()), pixels(event.movement_y()));
        onchange.emit(rectangle.dragged(grip, by, aspect));
    });
    Handlers { key, down, moved }
}

/// All of an image, in its own pixels.
fn natural(image: &Element) -> Option<Rectangle> {
    let side = |name: &str| {
        let value = js_sys::Reflect::get(image, &name.into()).ok()?.as_f64()?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // pixels
        let side = value as u32;
        (side > 0).then_some(side)
    };
    Some(Rectangle::whole((
        side("naturalWidth")?,
        side("naturalHeight")?,
    )))
}

/// What the image would be; asked for a moment after the last change.
#[hook]
fn use_tried(source: &str, change: Option<ImageChange>) -> Option<Result<TriedImage, Failure>> {
    let host = use_host();
    let tried = use_state_eq(|| None);
    {
        let tried = tried.clone();
        use_effect_with((hash_in(source), change), move |(b3, change)| {
            tried.set(None);
            let asked = b3.zip(change.clone()).map(|(b3, change)| {
                let tried = tried.clone();
                gloo_timers::callback::Timeout::new(400, move || {
                    spawn_local(async move {
                        tried.set(Some(host.call(TryImage { b3, change }).await));
                    });
                })
            });
            move || drop(asked)
        });
    }
    (*tried).clone()
}

/// Makes the image and puts it in the place of the one before.
#[hook]
fn use_changing(
    props: &CropDialogProps,
    change: Option<ImageChange>,
    failed: UseStateHandle<Option<Failure>>,
) -> Callback<SubmitEvent> {
    let host = use_host();
    let (images, source) = (props.images.clone(), props.source.clone());
    let (draft, onclose) = (props.draft, props.onclose.clone());
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let Some((b3, change)) = hash_in(&source).zip(change.clone()) else {
            return;
        };
        let (host, images, source) = (host.clone(), images.clone(), source.clone());
        let (failed, onclose) = (failed.clone(), onclose.clone());
        spawn_local(async move {
            match host.call(ChangeImage { draft, b3, change }).await {
                Ok(file) => {
                    let to = stoa_domain::FileAddress::of(file.b3).to_string();
                    if images.0.is_readdressed(&source, &to).await {
                        onclose.emit(());
                    } else {
                        failed.set(Some(Failure::field("file", "not-put")));
                    }
                }
                Err(failure) => failed.set(Some(failure)),
            }
        });
    })
}

/// The input of a file dialog, opened by a script.
pub(super) fn press(input: &NodeRef) {
    if let Some(input) = input.cast::<HtmlInputElement>() {
        input.click();
    }
}

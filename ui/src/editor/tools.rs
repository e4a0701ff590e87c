//! What is done with an image or a recording of the text: cut to size, given a picture, chapters, a
//! transcript.

use stoa_domain::DraftId;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::calls::MediaUse;
use super::crop::{CropDialog, press};
use super::images::SharedImages;
use super::recordings::{Belonging, with};
use stoa_ipc::Failure;

/// What the choosers let through.
const PICTURES: &str = "image/png,image/jpeg,image/webp";
const TRACKS: &str = ".vtt,text/vtt";
/// What a picture that was taken from a film is called.
const FRAME_NAME: &str = "poster.jpg";

/// What follows from the tools at images and recordings: a dialog and two choosers, and what the
/// editor calls.
#[hook]
pub(crate) fn use_media_tools(draft: DraftId, images: &SharedImages) -> (Html, Callback<MediaUse>) {
    let cropping = use_state_eq(|| None::<String>);
    let wanted = use_mut_ref(|| None::<(String, Belonging)>);
    let (picture, track) = (use_node_ref(), use_node_ref());
    let onmedia = {
        let (images, cropping, wanted) = (images.clone(), cropping.clone(), wanted.clone());
        let (picture, track) = (picture.clone(), track.clone());
        Callback::from(move |asked: MediaUse| {
            let choose = |belonging, input: &NodeRef| {
                *wanted.borrow_mut() = Some((asked.source.clone(), belonging));
                press(input);
            };
            match asked.tool.as_str() {
                "crop" => cropping.set(Some(asked.source)),
                "poster" => choose(Belonging::Poster, &picture),
                "chapters" => choose(Belonging::Chapters, &track),
                "transcript" => choose(Belonging::Transcript, &track),
                "frame" => take_frame(images.clone(), asked),
                _ => {}
            }
        })
    };
    let onchange = {
        let images = images.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let file = input.files().and_then(|files| files.get(0));
            let wanted = wanted.borrow_mut().take();
            if let Some((file, (source, belonging))) = file.zip(wanted) {
                add(images.clone(), source, belonging, file);
            }
            input.set_value("");
        })
    };
    let close = {
        let cropping = cropping.clone();
        Callback::from(move |()| cropping.set(None))
    };
    let parts = html! {
        <>
            <input ref={picture} type="file" hidden=true accept={PICTURES} data-testid="choose-poster" onchange={onchange.clone()} />
            <input ref={track} type="file" hidden=true accept={TRACKS} data-testid="choose-track" {onchange} />
            if let Some(source) = (*cropping).clone() {
                <CropDialog {draft} images={images.clone()} {source} onclose={close} />
            }
        </>
    };
    (parts, onmedia)
}

fn take_frame(images: SharedImages, asked: MediaUse) {
    let Some(frame) = asked.frame else {
        let why = Failure::field("file", "no-frame");
        return images.0.refuse(FRAME_NAME.to_owned(), why);
    };
    let parts = js_sys::Array::of1(&frame);
    match File::new_with_blob_sequence(&parts, FRAME_NAME) {
        Ok(file) => add(images, asked.source, Belonging::Poster, file),
        Err(_) => images
            .0
            .refuse(FRAME_NAME.to_owned(), Failure::field("file", "no-frame")),
    }
}

/// Adds a file to the draft and names it in the recording's address, in one step of the text.
fn add(images: SharedImages, source: String, belonging: Belonging, file: File) {
    spawn_local(async move {
        let name = file.name();
        let to = match belonging {
            Belonging::Poster => poster(&images, &source, &file).await,
            _ => images.0.add_track(&source, belonging, &file).await,
        };
        let done = match to {
            Ok(to) if images.0.is_readdressed(&source, &to).await => Ok(()),
            Ok(_) => Err(Failure::field("file", "not-put")),
            Err(why) => Err(why),
        };
        if let Err(why) = done {
            images.0.refuse(name, why);
        }
    });
}

async fn poster(images: &SharedImages, source: &str, file: &File) -> Result<String, Failure> {
    let broken = || Failure::field("file", "image-broken");
    let added = images.0.send(file).await?.ok_or_else(broken)?;
    with(source, Belonging::Poster, added.b3)
        .ok_or_else(|| Failure::field("file", "not-a-recording"))
}

//! What search engines and cards show of a post, and how that looks.

use stoa_domain::{SearchDescription, SearchTitle, Slug, columns, cut_to};
use stoa_ipc::{DraftSummary, PreviewDraft, PreviewReader};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::fields::FieldsProps;
use super::form::{Form, Wrong};
use crate::host::{use_app, use_host};
use crate::parts::Icon;
use crate::t;
use crate::texts::{Words, use_words};

#[derive(Properties, PartialEq)]
pub(super) struct SearchFieldsProps {
    pub(super) draft: DraftSummary,
    pub(super) form: Form,
    pub(super) change: Callback<Form>,
    pub(super) wrong: Option<Wrong>,
}

#[component]
pub(super) fn SearchFields(props: &SearchFieldsProps) -> Html {
    let words = use_words();
    let fields = FieldsProps {
        form: props.form.clone(),
        change: props.change.clone(),
        wrong: props.wrong,
    };
    let is_wrong = props
        .wrong
        .is_some_and(|(place, _)| place.starts_with("publish-search-"));
    let result = use_result(props);
    let title = Counted {
        name: "publish-search-title",
        value: props.form.search_title.clone(),
        placeholder: result.plain_title.clone(),
        most: SearchTitle::SHOWN_COLUMNS,
        wrong: fields.wrong(&words, "publish-search-title"),
    };
    let description = Counted {
        name: "publish-search-description",
        value: props.form.search_description.clone(),
        placeholder: result.plain_description.clone(),
        most: SearchDescription::SHOWN_COLUMNS,
        wrong: fields.wrong(&words, "publish-search-description"),
    };
    let ontitle = fields
        .set(|form, text| form.search_title = text)
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let ondescription = fields
        .set(|form, text| form.search_description = text)
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    html! {
        <details class="more" open={is_wrong}>
            <summary data-testid="publish-search">{ t!(words, "publish-search") }</summary>
            { title.drawn(&words, html! {
                <input id={title.name} class="input" type="text" autocomplete="off" value={title.value.clone()} placeholder={title.placeholder.clone()} oninput={ontitle}
                    aria-invalid={title.wrong.is_some().to_string()} aria-describedby={title.said_id()} data-testid={title.name} />
            }) }
            { description.drawn(&words, html! {
                <textarea id={description.name} class="input prose" rows="3" value={description.value.clone()} placeholder={description.placeholder.clone()} oninput={ondescription}
                    aria-invalid={description.wrong.is_some().to_string()} aria-describedby={description.said_id()} data-testid={description.name} />
            }) }
            { result.drawn(&words) }
        </details>
    }
}

/// A field that says how much of it is shown.
struct Counted {
    name: &'static str,
    value: String,
    placeholder: String,
    /// So many columns are shown.
    most: usize,
    wrong: Option<AttrValue>,
}

impl Counted {
    fn said_id(&self) -> String {
        format!("{}-said", self.name)
    }

    fn drawn(&self, words: &Words, input: Html) -> Html {
        let n = columns(self.value.trim());
        let count = t!(words, "publish-search-count", n = n, most = self.most);
        let key = match n > self.most {
            true => "publish-search-cut",
            false => "publish-search-hint",
        };
        html! {
            <div class="field">
                <label for={self.name}>{ words.get(self.name) }</label>
                { input }
                if let Some(wrong) = self.wrong.clone() {
                    <p class="wrong" id={self.said_id()} role="alert"><Icon name="circle-alert" />{ wrong }</p>
                } else {
                    <p class="hint counted" id={self.said_id()}>
                        <span class={classes!((n > self.most).then_some("over"))}>{ words.get(key) }</span>
                        <span class="count" data-testid={format!("{}-count", self.name)}>{ count }</span>
                    </p>
                }
            </div>
        }
    }
}

/// A result as a search engine shows it.
#[derive(Debug, Clone, Default, PartialEq)]
struct SearchResult {
    /// What stands there when nothing is written.
    plain_title: String,
    plain_description: String,
    title: String,
    address: String,
    description: String,
}

impl SearchResult {
    /// `server` is where the community is read, `teaser` what everybody may read of the text.
    fn of(form: &Form, title: &str, server: &str, teaser: &str) -> Self {
        let or = |own: &str, other: &str| match own.trim() {
            "" => other.trim().to_owned(),
            own => own.to_owned(),
        };
        let slug = match Slug::of(&form.slug) {
            slug if slug.is_empty() => Slug::of(title),
            slug => slug,
        };
        let host = server.split_once("://").map_or(server, |(_, host)| host);
        let plain_description = or(&form.excerpt, teaser);
        Self {
            title: cut_to(&or(&form.search_title, title), SearchTitle::SHOWN_COLUMNS),
            address: [host.trim_end_matches('/'), slug.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" › "),
            description: cut_to(
                &or(&form.search_description, &plain_description),
                SearchDescription::SHOWN_COLUMNS,
            ),
            plain_title: title.to_owned(),
            plain_description,
        }
    }

    fn drawn(&self, words: &Words) -> Html {
        let title = match self.title.as_str() {
            "" => t!(words, "untitled"),
            title => title.to_owned().into(),
        };
        html! {
            <figure class="result" data-testid="search-result">
                <figcaption class="hint">{ t!(words, "publish-search-result") }</figcaption>
                <p class="result-address">{ self.address.clone() }</p>
                <p class="result-title">{ title }</p>
                <p class="result-text">{ self.description.clone() }</p>
            </figure>
        }
    }
}

#[hook]
fn use_result(props: &SearchFieldsProps) -> SearchResult {
    let (host, app) = (use_host(), use_app());
    let teaser = use_state_eq(String::new);
    {
        let setter = teaser.setter();
        use_effect_with(props.draft.id, move |id| {
            let request = PreviewDraft {
                id: *id,
                reader: PreviewReader::Anybody,
                joined_days_ago: 0,
                has_finished: false,
            };
            spawn_local(async move {
                // Without an answer the result has no text, as with a draft that has none.
                if let Ok(preview) = host.call(request).await {
                    setter.set(preview.teaser);
                }
            });
        });
    }
    let server = app.profile().and_then(|profile| profile.server.clone());
    let server = server.unwrap_or_default();
    SearchResult::of(&props.form, &props.draft.title, &server, &teaser)
}

#[cfg(test)]
mod tests {
    use stoa_domain::Content;

    use super::*;
    use crate::testing::{draft, drawn};

    fn form() -> Form {
        Form::of(&Content::default(), |_| String::new())
    }

    #[test]
    fn a_result_falls_back_to_title_teaser_and_address() {
        let plain = SearchResult::of(&form(), "会员定价", "https://zhixing.example/", "第一句。");
        assert_eq!(plain.title, "会员定价");
        assert_eq!(plain.address, "zhixing.example › 会员定价");
        assert_eq!(plain.description, "第一句。");
        let own = Form {
            search_title: " 怎么定价 ".to_owned(),
            search_description: "三步".to_owned(),
            excerpt: "导语".to_owned(),
            slug: "Pricing 101".to_owned(),
            ..form()
        };
        let own = SearchResult::of(&own, "会员定价", "", "第一句。");
        let shown = [&own.title, &own.address, &own.description];
        assert_eq!(shown, ["怎么定价", "pricing-101", "三步"]);
        assert_eq!(own.plain_description, "导语");
    }

    #[test]
    fn what_is_too_wide_is_cut_and_said() {
        fn long() -> Html {
            let form = Form {
                search_title: "长".repeat(31),
                ..Form::of(&Content::default(), |_| String::new())
            };
            html! { <SearchFields draft={draft("会员定价")} {form} change={Callback::noop()} wrong={None::<Wrong>} /> }
        }
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, long);
            assert!(markup.contains("62") && markup.contains("over"), "{markup}");
            let cut = format!("{}…", "长".repeat(29));
            assert!(markup.contains(&cut), "{markup}");
        }
    }

    #[test]
    fn the_group_is_folded_until_something_in_it_is_wrong() {
        fn fields(wrong: Option<Wrong>) -> Html {
            html! { <SearchFields draft={draft("会员定价")} form={form()} change={Callback::noop()} {wrong} /> }
        }
        let folded = drawn("en", || fields(None));
        assert!(!folded.contains("<details open"), "{folded}");
        let open = drawn("en", || {
            fields(Some(("publish-search-title", "publish-search-title-long")))
        });
        assert!(open.contains("<details open"), "{open}");
        assert!(open.contains("200"), "{open}");
    }
}

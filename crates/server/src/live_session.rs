//! Live sessions as members read them: the time for everybody, the link and the recording for those
//! to whom the post is open.

use jiff::Zoned;
use jiff::tz::TimeZone;
use stoa_domain::{CommunityId, DraftId, FileAddress, Post, Timestamp};
use stoa_protocol::member::{Live, LiveRecording};

use crate::db::{DbError, Tx};
use crate::member::{self, Places};
use crate::tables::{attachment, community};

/// What a reader is told, to whom the post is open or not.
pub(crate) fn told(
    tx: &mut dyn Tx,
    community: CommunityId,
    (id, post): (DraftId, &Post),
    is_open: bool,
    now: Timestamp,
) -> Result<Option<Live>, DbError> {
    let Some(live) = post.content.live() else {
        return Ok(None);
    };
    let recording = recording(tx, community, (id, post), is_open, now)?;
    let files = member::files(community, id);
    Ok(Some(Live {
        starts_at: live.starts_at,
        ends_at: live.ends_at(),
        lasts_minutes: live.lasts.get(),
        timezone: community::timezone(tx, community)?,
        join_link: live.join(is_open, now).map(str::to_owned),
        recording: recording.and_then(|address| {
            Some(LiveRecording {
                path: format!("{files}{}", address.b3),
                media_type: address.recording.as_ref()?.form.as_str().to_owned(),
                address: address.to_string(),
            })
        }),
    }))
}

/// What a reader can play: a file of this post's draft, and of no other.
pub(crate) fn recording(
    tx: &mut dyn Tx,
    community: CommunityId,
    (id, post): (DraftId, &Post),
    is_open: bool,
    now: Timestamp,
) -> Result<Option<FileAddress>, DbError> {
    let live = post.content.live();
    let Some(address) = live.and_then(|live| live.recording(is_open, now)) else {
        return Ok(None);
    };
    let is_its_own = attachment::media_type(tx, community, (id, address.b3))?.is_some();
    Ok(Some(address).filter(|_| is_its_own))
}

/// The same for whoever reads the article as a page: when it is, in the time of the community, and
/// what this reader was told of the rest.
pub(crate) fn html(live: &Live, lang: &str, places: &Places) -> String {
    let markdown = markdown(live, lang);
    match stoa_markdown::read(&markdown) {
        Ok(document) => member::html(&document, lang, places),
        Err(_) => String::new(),
    }
}

/// As a text, so that it goes the way of every text.
pub(crate) fn markdown(live: &Live, lang: &str) -> String {
    let words = match lang {
        "zh-CN" => Words {
            when: "直播时间：",
            join: "加入直播",
            recording: "直播回放",
        },
        _ => Words {
            when: "Live: ",
            join: "Join the live session",
            recording: "Recording of the live session",
        },
    };
    let mut text = format!("**{}{}**\n", words.when, span(live, lang));
    if let Some(link) = &live.join_link {
        // Nothing in a link ends the brackets; an ampersand could begin a character's name.
        let link = link.replace('&', "&amp;");
        text.push_str(&format!("\n[{}](<{link}>)\n", words.join));
    }
    if let Some(recording) = &live.recording {
        text.push_str(&format!(
            "\n![{}]({})\n",
            words.recording, recording.address
        ));
    }
    text
}

struct Words {
    when: &'static str,
    join: &'static str,
    recording: &'static str,
}

/// From when until when, with the zone whose clocks show it.
fn span(live: &Live, lang: &str) -> String {
    let zone = TimeZone::get(&live.timezone).unwrap_or(TimeZone::UTC);
    let name = zone.iana_name().unwrap_or("UTC").to_owned();
    let at = |at: Timestamp| {
        let at = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default();
        at.to_zoned(zone.clone())
    };
    let (from, to) = (at(live.starts_at), at(live.ends_at));
    let day = |at: &Zoned| match lang {
        "zh-CN" => at.strftime("%-Y年%-m月%-d日 %H:%M").to_string(),
        _ => at.strftime("%-d %B %-Y, %H:%M").to_string(),
    };
    let end = match from.date() == to.date() {
        true => format!("–{}", to.strftime("%H:%M")),
        false => format!(" – {}", day(&to)),
    };
    match lang {
        "zh-CN" => format!("{}{end}（{name}）", day(&from)),
        _ => format!("{}{end} ({name})", day(&from)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(starts_at: i64, minutes: u16, timezone: &str) -> Live {
        let starts_at = Timestamp::from_millis(starts_at);
        Live {
            starts_at,
            ends_at: starts_at.plus_millis(i64::from(minutes) * 60_000),
            lasts_minutes: minutes,
            timezone: timezone.to_owned(),
            join_link: None,
            recording: None,
        }
    }

    // 2026-09-01T08:00:00Z
    const AT: i64 = 1_788_249_600_000;

    fn places() -> Places {
        Places {
            files: "/f/".to_owned(),
            ..Places::default()
        }
    }

    #[test]
    fn the_time_is_that_of_the_community_and_says_so() {
        let shanghai = live(AT, 90, "Asia/Shanghai");
        let zh = "2026年9月1日 16:00–17:30（Asia/Shanghai）";
        assert_eq!(span(&shanghai, "zh-CN"), zh);
        let en = "1 September 2026, 16:00–17:30 (Asia/Shanghai)";
        assert_eq!(span(&shanghai, "en"), en);
        let late = live(AT, 16 * 60, "America/New_York");
        assert_eq!(
            span(&late, "en"),
            "1 September 2026, 04:00–20:00 (America/New_York)"
        );
        let over_night = live(AT, 1_000, "UTC");
        assert_eq!(
            span(&over_night, "zh-CN"),
            "2026年9月1日 08:00 – 2026年9月2日 00:40（UTC）"
        );
        assert_eq!(
            span(&live(AT, 60, "Mars/Olympus"), "en"),
            "1 September 2026, 08:00–09:00 (UTC)"
        );
    }

    #[test]
    fn a_link_leads_where_it_says_and_nowhere_else() {
        let mut live = live(AT, 60, "Asia/Shanghai");
        assert!(!html(&live, "zh-CN", &places()).contains("href"));
        live.join_link = Some("https://meet.example/j?a=1&copy;=(2)*_x_'".to_owned());
        let html = html(&live, "zh-CN", &places());
        let href = "href=\"https://meet.example/j?a=1&amp;copy;=(2)*_x_'\"";
        assert!(html.contains(href), "{html}");
        assert!(html.contains(">加入直播</a>"), "{html}");
    }
}

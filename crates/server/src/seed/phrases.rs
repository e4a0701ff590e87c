//! Putting topics into the forms a community writes in.

use super::topics::{Both, TOPICS, Topic};
use crate::Entropy;

/// A draft as it will be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) title: String,
    pub(super) body: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Chinese,
    English,
    /// Chinese first, English after it.
    Mixed,
}

const FAMILY_NAMES: [&str; 16] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "林",
];
const GIVEN_NAMES: [&str; 20] = [
    "晓雨", "思远", "嘉宁", "一诺", "明哲", "若溪", "书言", "子墨", "安然", "景行", "知夏", "云舒",
    "向南", "可欣", "文轩", "清越", "以宁", "怀瑾", "语桐", "星野",
];
const LATIN_NAMES: [&str; 12] = [
    "Mei Tan",
    "Jonas Weber",
    "Priya Nair",
    "Lucy Okafor",
    "Daniel Cho",
    "Anna Lind",
    "Kenji Mori",
    "Sofia Ruiz",
    "Tom Ellery",
    "Nadia Haddad",
    "Wei Ling Goh",
    "Marc Dubois",
];

/// A member's name: mostly Chinese ones.
pub(super) fn person(entropy: &Entropy) -> String {
    if entropy.below(5) == 0 {
        return pick(&LATIN_NAMES, entropy).to_owned();
    }
    format!(
        "{}{}",
        pick(&FAMILY_NAMES, entropy),
        pick(&GIVEN_NAMES, entropy)
    )
}

/// One draft; each round through the topics takes the next form.
pub(super) fn draft(entropy: &Entropy, index: usize) -> Text {
    let topic = &TOPICS[index % TOPICS.len()];
    let form = FORMS[(index / TOPICS.len() + index) % FORMS.len()];
    let language = match entropy.below(10) {
        0..=5 => Language::Chinese,
        6..=8 => Language::English,
        _ => Language::Mixed,
    };
    form(topic, language, entropy)
}

type Form = fn(&Topic, Language, &Entropy) -> Text;

const FORMS: [Form; 5] = [essay, checklist, letter, outline, retrospective];

fn pick<'a>(list: &[&'a str], entropy: &Entropy) -> &'a str {
    list[entropy.below(list.len())]
}

/// The text in the draft's language; mixed drafts say it in both.
fn say(text: &Both, language: Language) -> String {
    match language {
        Language::Chinese => text.zh.to_owned(),
        Language::English => text.en.to_owned(),
        Language::Mixed => format!("{}\n\n{}", text.zh, text.en),
    }
}

/// The same, on one line.
fn line(text: &Both, language: Language) -> String {
    match language {
        Language::Mixed => format!("{} · {}", text.zh, text.en),
        _ => say(text, language),
    }
}

fn word(zh: &'static str, en: &'static str, language: Language) -> String {
    line(&Both { zh, en }, language)
}

/// The points of a topic, beginning with a different one each time.
fn points<'t>(topic: &'t Topic, entropy: &Entropy) -> Vec<&'t Both> {
    let mut points: Vec<&Both> = topic.points.iter().collect();
    points.rotate_left(entropy.below(4));
    points
}

fn essay(topic: &Topic, language: Language, entropy: &Entropy) -> Text {
    let mut parts = vec![say(&topic.claim, language)];
    for (index, point) in points(topic, entropy).into_iter().take(3).enumerate() {
        let heading = match index {
            0 => word("从哪里开始", "Where to begin", language),
            1 => word("容易走错的一步", "The step that goes wrong", language),
            _ => word("留到最后的事", "What to leave for last", language),
        };
        parts.push(format!("## {heading}"));
        parts.push(say(point, language));
    }
    parts.push(format!("> {}", line(&topic.case, language)));
    parts.push(say(&topic.question, language));
    Text {
        title: line(&topic.name, language),
        body: parts.join("\n\n"),
    }
}

fn checklist(topic: &Topic, language: Language, entropy: &Entropy) -> Text {
    let items: Vec<String> = points(topic, entropy)
        .into_iter()
        .map(|point| format!("- [ ] {}", line(point, language)))
        .collect();
    let days = 3 + entropy.below(5);
    let due = match language {
        Language::Chinese => format!("给自己 {days} 天，做完一条划掉一条。"),
        Language::English => format!("Give yourself {days} days and tick one off at a time."),
        Language::Mixed => format!("给自己 {days} 天 · give yourself {days} days."),
    };
    let body = [
        say(&topic.claim, language),
        due,
        items.join("\n"),
        say(&topic.case, language),
    ];
    Text {
        title: format!(
            "{}：{}",
            line(&topic.name, language),
            word("清单", "a checklist", language)
        ),
        body: body.join("\n\n"),
    }
    .with_latin_colon(language)
}

fn letter(topic: &Topic, language: Language, entropy: &Entropy) -> Text {
    let week = 2 + entropy.below(50);
    let greeting = word("各位朋友：", "Dear friends,", language);
    let farewell = word("祝写作愉快。", "Write well.", language);
    let points = points(topic, entropy);
    let body = [
        greeting,
        say(&topic.case, language),
        say(&topic.claim, language),
        say(points[0], language),
        say(points[1], language),
        say(&topic.question, language),
        farewell,
        "—— 林知行".to_owned(),
    ];
    let title = match language {
        Language::Chinese => format!("第 {week} 周来信：{}", topic.name.zh),
        Language::English => format!("Letter of week {week}: {}", topic.name.en),
        Language::Mixed => format!("第 {week} 周来信 · Week {week}"),
    };
    Text {
        title,
        body: body.join("\n\n"),
    }
}

fn outline(topic: &Topic, language: Language, entropy: &Entropy) -> Text {
    let minutes = [8, 12, 15, 20, 25];
    let mut body = say(&topic.claim, language);
    for (index, point) in points(topic, entropy).into_iter().enumerate() {
        let length = minutes[entropy.below(minutes.len())];
        let heading = match language {
            Language::English => format!("\n\n### Lesson {} ({length} min)", index + 1),
            _ => format!("\n\n### 第 {} 课（{length} 分钟）", index + 1),
        };
        body.push_str(&heading);
        body.push_str("\n\n");
        body.push_str(&say(point, language));
    }
    let homework = word("**作业**", "**Homework**", language);
    body.push_str(&format!(
        "\n\n{homework}\n\n{}",
        say(&topic.question, language)
    ));
    Text {
        title: format!(
            "{}：{}",
            line(&topic.name, language),
            word("课程大纲", "an outline", language)
        ),
        body,
    }
    .with_latin_colon(language)
}

fn retrospective(topic: &Topic, language: Language, entropy: &Entropy) -> Text {
    let points = points(topic, entropy);
    let row = |what: String, text: &Both| format!("| {what} | {} |", line(text, language));
    let table = [
        format!(
            "| {} | {} |",
            word("栏目", "Part", language),
            word("记录", "Note", language)
        ),
        "|---|---|".to_owned(),
        row(word("做对的", "Went well", language), points[0]),
        row(word("没做好的", "Went badly", language), points[1]),
        row(word("下次改", "Next time", language), points[2]),
    ];
    let body = [
        say(&topic.case, language),
        table.join("\n"),
        say(&topic.claim, language),
        format!("- {}", line(&topic.question, language)),
    ];
    Text {
        title: format!(
            "{}：{}",
            word("复盘", "Looking back", language),
            line(&topic.name, language)
        ),
        body: body.join("\n\n"),
    }
    .with_latin_colon(language)
}

impl Text {
    /// English titles take the colon of English.
    fn with_latin_colon(mut self, language: Language) -> Self {
        if language == Language::English {
            self.title = self.title.replace('：', ": ");
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use stoa_domain::{Title, word_count};

    use super::*;

    #[test]
    fn forty_drafts_are_forty_different_readable_texts() {
        let entropy = Entropy::from_seed(1);
        let drafts: Vec<Text> = (0..40).map(|index| draft(&entropy, index)).collect();
        let titles: HashSet<&str> = drafts.iter().map(|text| text.title.as_str()).collect();
        assert!(titles.len() >= 36, "{} different titles", titles.len());
        for text in &drafts {
            assert!(Title::parse(&text.title).is_ok(), "{}", text.title);
            assert!(word_count(&text.body) > 40, "{}", text.body);
        }
    }

    #[test]
    fn the_same_seed_writes_the_same() {
        let one = draft(&Entropy::from_seed(7), 3);
        assert_eq!(one, draft(&Entropy::from_seed(7), 3));
    }
}

//! Texts to measure with: believable in length and in the mix of scripts, the same in every run.

/// Sentences that drafts are made of.
const SENTENCES: [&str; 12] = [
    "知识付费的本质不是卖内容，而是帮助学员完成一次可以被看见的改变。",
    "我们把第三期课程拆成十二个课时，每个课时只解决一个问题。",
    "会员制社群最难的不是拉新，而是让老成员每周都有理由回来。",
    "A good column answers one question a week, and answers it completely.",
    "定价不是算出来的，是和读者谈出来的；先给出一个价格，再看谁离开、谁留下。",
    "连续打卡二十一天之后，留下来的人会互相提醒，这时社群才算真正成立。",
    "If nobody asks for a refund, the promise was probably too small.",
    "把退款规则写在最前面，比任何宣传语都更能让人放心下单。",
    "每次直播结束后的半小时，是收集反馈最好的时间。",
    "专栏的第一篇要让读者知道，读完全部之后自己会多会一件什么事。",
    "Rust 与 WebAssembly 让桌面端在离线时也能完整地工作。",
    "审核不是删帖，而是把讨论的边界讲清楚，并且每次都讲同一套话。",
];

/// A text of at least `chars` characters; another `seed` gives another text.
pub(crate) fn text(seed: usize, chars: usize) -> String {
    let mut out = String::new();
    let mut n_chars = 0;
    let mut at = seed;
    while n_chars < chars {
        let sentence = SENTENCES[at % SENTENCES.len()];
        out.push_str(sentence);
        n_chars += sentence.chars().count();
        if at % 4 == 3 {
            out.push_str("\n\n");
        }
        at = at * 7 + 3 + seed % 5;
        at %= 1_000_003;
    }
    out
}

/// A title.
pub(crate) fn title(seed: usize) -> String {
    let sentence = SENTENCES[seed % SENTENCES.len()];
    format!(
        "第 {seed} 篇 {}",
        sentence.chars().take(14).collect::<String>()
    )
}

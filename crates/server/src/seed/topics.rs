//! What the demo community writes about: each topic in both languages.

/// The same thing said twice.
pub(super) struct Both {
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
}

const fn both(zh: &'static str, en: &'static str) -> Both {
    Both { zh, en }
}

pub(super) struct Topic {
    pub(super) name: Both,
    /// What it is about, in one sentence.
    pub(super) claim: Both,
    pub(super) points: [Both; 4],
    /// A number or a small story from the community.
    pub(super) case: Both,
    /// What readers are asked.
    pub(super) question: Both,
}

pub(super) const TOPICS: [Topic; 12] = [
    Topic {
        name: both("给专栏定价", "Pricing a column"),
        claim: both(
            "价格不是成本加利润，而是你替读者省下的时间。",
            "A price is not cost plus margin; it is the time you save your readers.",
        ),
        points: [
            both(
                "先问三位老读者，他们上一次为类似内容付了多少钱。",
                "Ask three long-time readers what they last paid for something similar.",
            ),
            both(
                "年费给两个月的优惠就够了，再多就像在清仓。",
                "Two free months on the yearly plan is enough; more looks like a clearance sale.",
            ),
            both(
                "涨价提前三十天说，并让现有成员保持原价。",
                "Announce a rise thirty days ahead and keep current members at their price.",
            ),
            both(
                "不要为了凑单做捆绑，读者会记得被绑的那一件。",
                "Do not bundle to fill a basket; people remember the part they never wanted.",
            ),
        ],
        case: both(
            "三月把月费从 29 元调到 39 元，流失四人，新订阅反而多了两成。",
            "In March the monthly price went from 29 to 39 yuan: four people left, new subscriptions rose by a fifth.",
        ),
        question: both(
            "你最近一次觉得“太便宜了”的内容是什么？",
            "What did you last read that felt far too cheap?",
        ),
    },
    Topic {
        name: both("二十一天共学营", "The twenty-one day cohort"),
        claim: both(
            "共学营卖的不是课程，是有人等你交作业。",
            "A cohort does not sell lessons; it sells somebody waiting for your homework.",
        ),
        points: [
            both(
                "每组六到八人，少了冷清，多了没人说话。",
                "Six to eight a group: fewer feels empty, more goes silent.",
            ),
            both(
                "第七天和第十四天各留一天休息，用来补作业。",
                "Keep day seven and day fourteen free for catching up.",
            ),
            both(
                "领读人每天只做一件事：点名夸一份作业。",
                "The guide does one thing a day: praise one piece of work by name.",
            ),
            both(
                "结营那天写一封给三个月后自己的信。",
                "On the last day everybody writes a letter to themselves in three months.",
            ),
        ],
        case: both(
            "第五期 48 人报名，41 人走到最后一天，比第一期多了一倍。",
            "In the fifth run 41 of 48 reached the last day, twice the share of the first.",
        ),
        question: both(
            "如果只能保留一个环节，你会留下哪一个？",
            "If only one part could stay, which would you keep?",
        ),
    },
    Topic {
        name: both("成员为什么离开", "Why members leave"),
        claim: both(
            "离开很少因为内容不好，多半因为一个月没有打开过。",
            "People rarely leave because of the content; they leave after a month of not opening it.",
        ),
        points: [
            both(
                "连续三周没有回来的人，写一封不带链接的短信。",
                "Write a short note without links to whoever has been away three weeks.",
            ),
            both(
                "退订页面只问一个问题，而且可以不答。",
                "Ask one question on the way out, and let it be skipped.",
            ),
            both(
                "把续费提醒提前七天，写明金额和日期。",
                "Send the renewal notice seven days ahead with the sum and the date.",
            ),
            both(
                "把“暂停一个月”放在“取消”旁边。",
                "Put “pause for a month” beside “cancel”.",
            ),
        ],
        case: both(
            "暂停按钮上线后，六十个点了取消的人里有二十三个选了暂停。",
            "Once the pause button was there, 23 of 60 who pressed cancel chose to pause.",
        ),
        question: both(
            "你上一次取消订阅，是因为什么？",
            "Why did you last cancel a subscription?",
        ),
    },
    Topic {
        name: both("怎样给反馈", "Giving feedback that helps"),
        claim: both(
            "好的反馈先复述，再提问，最后才建议。",
            "Good feedback first repeats, then asks, and only then advises.",
        ),
        points: [
            both(
                "用一句话说出你读到了什么，让作者核对。",
                "Say in one sentence what you understood, so the author can check.",
            ),
            both(
                "问“你想让谁读”比“我觉得太长”有用。",
                "“Whom is it for?” helps more than “I found it long”.",
            ),
            both(
                "每次只提一条最重要的修改。",
                "Offer one change, the most important one.",
            ),
            both(
                "没读完就直说没读完，不要装作读完。",
                "If you did not finish, say so.",
            ),
        ],
        case: both(
            "自从改成“复述—提问—建议”，作业区的回复平均长了三倍。",
            "Since we moved to repeat, ask, advise, replies in the workshop are three times as long.",
        ),
        question: both(
            "谁给过你一条让你改掉整篇的反馈？",
            "Who once gave you feedback that made you rewrite everything?",
        ),
    },
    Topic {
        name: both("离线写作的习惯", "Writing without a network"),
        claim: both(
            "断网的两个小时，常常写得比整天都多。",
            "Two hours without a network often yield more than a whole day.",
        ),
        points: [
            both(
                "先写标题和三句话提纲，再关网络。",
                "Write the title and three sentences first, then cut the network.",
            ),
            both(
                "需要查的地方写一个【查】，不要停下来。",
                "Mark what needs looking up with [check] and go on.",
            ),
            both(
                "飞机和高铁是最好的书房。",
                "Trains and planes are the best studies.",
            ),
            both(
                "回到网络后第一件事是同步，不是看消息。",
                "Back online, let the drafts go up before opening any message.",
            ),
        ],
        case: both(
            "上个月最受欢迎的三篇，都写在没有信号的地方。",
            "Last month’s three favourites were all written where there was no signal.",
        ),
        question: both(
            "你最近一次不看手机写完一篇，是在哪里？",
            "Where did you last finish a piece without touching your phone?",
        ),
    },
    Topic {
        name: both("和专家做一次访谈", "Interviewing an expert"),
        claim: both(
            "访谈的前十分钟，决定了后五十分钟值不值得写。",
            "The first ten minutes decide whether the other fifty are worth writing up.",
        ),
        points: [
            both(
                "提前寄去三个问题，现场只问第四个。",
                "Send three questions ahead and start with the fourth.",
            ),
            both(
                "让对方讲一次失败，比讲十条方法更有用。",
                "One failure told well is worth ten methods.",
            ),
            both(
                "录音之外再记时间点，整理时省一半功夫。",
                "Note the minutes beside the recording; it halves the work later.",
            ),
            both(
                "成稿先给受访者看事实，不看观点。",
                "Let them check the facts before publication, not the opinions.",
            ),
        ],
        case: both(
            "和古籍修复师的那次访谈，来信最多的是她讲如何把一页纸补坏。",
            "Of the talk with the book restorer, most letters were about the page she ruined.",
        ),
        question: both(
            "你最想请谁来，问他哪一个问题？",
            "Whom would you invite, and what would you ask first?",
        ),
    },
    Topic {
        name: both("社群的第一百天", "The first hundred days of a community"),
        claim: both(
            "前一百天不追求人数，只追求有人记得彼此的名字。",
            "In the first hundred days do not chase numbers; chase people who know each other’s names.",
        ),
        points: [
            both(
                "每周固定一件小事，固定到可以猜到。",
                "One small thing every week, regular enough to be expected.",
            ),
            both(
                "新成员的第一句话，要在一天之内有人回。",
                "Answer a newcomer’s first line within a day.",
            ),
            both(
                "规则写五条，每条都能举出例子。",
                "Five rules, each with an example.",
            ),
            both(
                "把冷场也写进复盘，不要只写热闹。",
                "Write down the quiet weeks too, not only the lively ones.",
            ),
        ],
        case: both(
            "第九十三天，有人在站台上认出了另一位成员的书包。",
            "On day ninety-three somebody recognised another member’s bag on a platform.",
        ),
        question: both(
            "你在哪个群里真正认识了人？",
            "In which group did you really come to know anybody?",
        ),
    },
    Topic {
        name: both("读《认知觉醒》", "Reading notes: habits of attention"),
        claim: both(
            "读书笔记只写一处：改变了你哪个动作。",
            "A reading note needs one thing: which of your movements it changed.",
        ),
        points: [
            both(
                "抄三句，删两句，剩下那句才是你的。",
                "Copy three sentences and delete two; the one left is yours.",
            ),
            both(
                "写下明天早上要做的一件具体的事。",
                "Write down one definite thing to do tomorrow morning.",
            ),
            both(
                "不同意的地方标出页码，两周后再看。",
                "Mark the pages you disagree with and return in two weeks.",
            ),
            both(
                "把书借给别人，问他读到哪里停下。",
                "Lend the book and ask where they stopped.",
            ),
        ],
        case: both(
            "二十六份笔记里，有十九份写的是睡前把手机放到客厅。",
            "Of twenty-six notes, nineteen were about leaving the phone in the living room at night.",
        ),
        question: both(
            "哪一本书让你改掉了一个动作？",
            "Which book changed one thing you do with your hands?",
        ),
    },
    Topic {
        name: both("把长文改短", "Making a long text short"),
        claim: both(
            "改短不是删字，是删掉读者已经知道的部分。",
            "To shorten is not to cut words but to cut what readers already know.",
        ),
        points: [
            both(
                "先删开头第一段，看看文章还在不在。",
                "Delete the first paragraph and see whether the text is still there.",
            ),
            both(
                "两个例子留一个，留不熟悉的那个。",
                "Of two examples keep the unfamiliar one.",
            ),
            both(
                "每个“其实”“非常”都要交一次租金。",
                "Every “actually” and “very” pays rent.",
            ),
            both(
                "念一遍，气不够的地方就是句号。",
                "Read it aloud; where the breath ends, put a full stop.",
            ),
        ],
        case: both(
            "上周那篇从 3,200 字改到 1,100 字，读完率从 41% 到 78%。",
            "Last week’s piece went from 3,200 characters to 1,100 and from 41% read to 78%.",
        ),
        question: both(
            "你最舍不得删的一句，后来删了吗？",
            "The sentence you loved most: is it gone?",
        ),
    },
    Topic {
        name: both("会员权益怎么设计", "Designing member benefits"),
        claim: both(
            "权益是承诺，写得出来就要做得到一年。",
            "A benefit is a promise; write only what you can keep for a year.",
        ),
        points: [
            both(
                "三项常设，一项惊喜，不要反过来。",
                "Three standing benefits and one surprise, not the other way round.",
            ),
            both(
                "能让人见到人的，比能下载的更值钱。",
                "What lets people meet is worth more than what they download.",
            ),
            both(
                "写清楚不包括什么，少一半纠纷。",
                "Say what is not included and halve the disputes.",
            ),
            both(
                "每季度看一次用过几次，没人用的就去掉。",
                "Look each quarter at what was used and remove what was not.",
            ),
        ],
        case: both(
            "“每月一次小组改稿”只占成本一成，却是续费理由的第一名。",
            "The monthly workshop is a tenth of the cost and the first reason given for renewing.",
        ),
        question: both(
            "哪一项权益你买了却从没用过？",
            "Which benefit did you pay for and never use?",
        ),
    },
    Topic {
        name: both("问答栏目的写法", "Writing a question-and-answer column"),
        claim: both(
            "好的回答先让提问者觉得问题问得不错。",
            "A good answer first makes the question feel worth asking.",
        ),
        points: [
            both(
                "把问题改写成一句话，请提问者确认。",
                "Rewrite the question in one sentence and have it confirmed.",
            ),
            both(
                "先给结论，再给理由，最后给例外。",
                "First the answer, then the reason, then the exception.",
            ),
            both(
                "不知道就写不知道，并写出去哪里查。",
                "If you do not know, say so and say where to look.",
            ),
            both(
                "半年后回访一次，看建议有没有用。",
                "Return after half a year to see whether it helped.",
            ),
        ],
        case: both(
            "去年答过的 87 个问题里，有 11 个在回访时改了答案。",
            "Of 87 questions answered last year, 11 got a new answer on the return visit.",
        ),
        question: both(
            "有什么问题你一直没好意思问？",
            "What have you never dared to ask?",
        ),
    },
    Topic {
        name: both("一次失败的直播", "A live session that failed"),
        claim: both(
            "失败的复盘要写时间、动作和感受，不写借口。",
            "A review of a failure has times, actions and feelings, and no excuses.",
        ),
        points: [
            both(
                "开播前十五分钟才发现麦克风没有授权。",
                "The microphone had no permission, found fifteen minutes before the start.",
            ),
            both(
                "备用方案写在文档里，但没有人知道文档在哪。",
                "There was a fallback in a document nobody could find.",
            ),
            both(
                "弹幕里第一个说“没关系”的人，救了整场。",
                "The first person who wrote “never mind” saved the evening.",
            ),
            both(
                "第二天把录音重讲了一遍，寄给所有报名的人。",
                "The next day it was recorded again and sent to everybody who had signed up.",
            ),
        ],
        case: both(
            "退款申请一份，感谢信九封。",
            "One request for a refund, nine letters of thanks.",
        ),
        question: both(
            "你最近一次当众出错，是怎么收场的？",
            "How did your last public mistake end?",
        ),
    },
];

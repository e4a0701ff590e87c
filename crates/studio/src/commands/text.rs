//! Pinyin for matching.

use stoa_ipc::{ErrorCode, Failure, PinyinKeys};

use crate::pinyin;
use crate::studio::Studio;

const MAX_TEXTS: usize = 1_000;

pub(super) async fn pinyin_keys(
    _: &Studio,
    request: PinyinKeys,
) -> Result<Vec<Vec<String>>, Failure> {
    if request.texts.len() > MAX_TEXTS {
        return Err(Failure::new(ErrorCode::TooLarge, "too many texts at once"));
    }
    Ok(request
        .texts
        .iter()
        .map(|text| pinyin::keys(text))
        .collect())
}

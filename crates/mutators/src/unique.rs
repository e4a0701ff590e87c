//! Class H: a name that nobody else has.

/// How many numbered names are tried before giving up.
const MOST_TRIES: u32 = 10_000;

/// The wanted name, or the first of `name-2`, `name-3`, … that is free; the server says
/// `renamed` when it is another one. `None` when all are taken.
pub fn free_name(wanted: &str, is_taken: impl Fn(&str) -> bool) -> Option<String> {
    if !is_taken(wanted) {
        return Some(wanted.to_owned());
    }
    (2..MOST_TRIES)
        .map(|n| format!("{wanted}-{n}"))
        .find(|name| !is_taken(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_gets_the_first_free_number() {
        let taken = ["spring", "spring-2"];
        let is_taken = |name: &str| taken.contains(&name);
        assert_eq!(free_name("autumn", is_taken).as_deref(), Some("autumn"));
        assert_eq!(free_name("spring", is_taken).as_deref(), Some("spring-3"));
        assert_eq!(free_name("spring", |_| true), None);
    }
}

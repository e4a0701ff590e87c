//! Lists that are kept under a name.

use stoa_domain::{
    Kind, ListFilter, ListLayout, ListLook, ListSort, MAX_VIEWS, SavedView, Shelf, ViewName,
};
use stoa_store::test_support::Profile;
use stoa_store::{Store, StoreError};

fn name(text: &str) -> ViewName {
    ViewName::parse(text).unwrap()
}

fn look() -> ListLook {
    ListLook {
        shelf: Shelf::Published,
        filter: ListFilter {
            kinds: [Kind::Course].into(),
            is_changed: true,
            ..ListFilter::default()
        },
        sort: ListSort::Title,
        layout: ListLayout::Board,
    }
}

fn save(store: &Store, text: &str) -> SavedView {
    store.save_view(name(text), look()).unwrap().unwrap()
}

fn names(store: &Store) -> Vec<String> {
    let views = store.views().unwrap();
    views.into_iter().map(|view| view.name.into()).collect()
}

#[test]
fn a_view_survives_a_restart_with_everything_that_it_says() {
    let profile = Profile::new(2_200);
    let store = profile.open();
    assert_eq!(store.views().unwrap(), []);
    let view = save(&store, "要更新的课程");
    drop(store);
    let store = profile.open();
    assert_eq!(store.views().unwrap(), std::slice::from_ref(&view));
    store
        .change_view(view.id, Some(name("课程")), None)
        .unwrap();
    let changed = &store.views().unwrap()[0];
    assert_eq!((changed.name.as_str(), &changed.look), ("课程", &look()));
    store
        .change_view(view.id, None, Some(ListLook::default()))
        .unwrap();
    assert_eq!(store.views().unwrap()[0].look, ListLook::default());
}

#[test]
fn a_view_that_was_deleted_comes_back_where_it_stood() {
    let profile = Profile::new(2_201);
    let store = profile.open();
    for text in ["一", "二", "三"] {
        save(&store, text);
    }
    let second = store.views().unwrap()[1].clone();
    let at = store.delete_view(second.id).unwrap();
    assert_eq!(
        (at, names(&store)),
        (1, vec!["一".to_owned(), "三".to_owned()])
    );
    assert!(store.put_back_view(second.clone(), at).unwrap());
    assert!(store.put_back_view(second.clone(), at).unwrap());
    assert_eq!(names(&store), ["一", "二", "三"]);
    store.delete_view(second.id).unwrap();
    let gone = store.delete_view(second.id);
    assert!(matches!(gone, Err(StoreError::NotFound)), "{gone:?}");
    let gone = store.change_view(second.id, None, None);
    assert!(matches!(gone, Err(StoreError::NotFound)), "{gone:?}");
}

#[test]
fn there_are_never_more_views_than_the_sidebar_takes() {
    let profile = Profile::new(2_202);
    let store = profile.open();
    for n in 0..MAX_VIEWS {
        save(&store, &n.to_string());
    }
    assert_eq!(store.save_view(name("多了"), look()).unwrap(), None);
    let first = store.views().unwrap()[0].clone();
    store.delete_view(first.id).unwrap();
    save(&store, "又有地方");
    assert!(!store.put_back_view(first, 0).unwrap());
    assert_eq!(store.views().unwrap().len(), MAX_VIEWS);
}

//! `docs/member-api.md` tells of every route that is there for members, and of no other.

use std::collections::BTreeSet;

use crate::access::ROUTES;

const PAGE: &str = include_str!("../../../../docs/member-api.md");
/// What is for studios or for whoever runs the server; `docs/sync.md` and `docs/server.md`.
const NOT_FOR_MEMBERS: [&str; 6] = [
    "/openapi.json",
    "/v1/sync/",
    "/v1/blobs/",
    "/v1/ca.pem",
    "/healthz",
    "/metrics",
];

/// The routes in the tables of the page: `` | `GET /user` | … ``.
fn told() -> BTreeSet<(String, String)> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `"));
    let routes = rows.filter_map(|row| row.split('`').next()?.split_once(' '));
    let routes = routes.filter(|(_, path)| path.starts_with('/'));
    routes
        .map(|(method, path)| {
            let path = path.split('?').next().unwrap_or_default();
            (method.to_owned(), path.to_owned())
        })
        .collect()
}

#[test]
fn the_page_for_who_writes_a_client_tells_of_every_route_and_of_no_other() {
    let is_for_members = |path: &str| !NOT_FOR_MEMBERS.iter().any(|start| path.starts_with(start));
    let there: BTreeSet<(String, String)> = ROUTES
        .iter()
        .filter(|(_, path, _)| is_for_members(path))
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(told(), there);
}

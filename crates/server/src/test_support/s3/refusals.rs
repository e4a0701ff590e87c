//! That it refuses what S3 refuses, with S3's words.

use std::iter;
use std::sync::Arc;

use reqwest::{Body, Client, RequestBuilder};
use rusty_s3::Method;
use rusty_s3::signing::sign;
use stoa_domain::Timestamp;
use url::Url;

use super::{BUCKET, FakeS3, KEY, REGION, SECRET};

const NOW: i64 = 1_790_000_000;
const VALID_SECONDS: u64 = 300;
const BYTES: &str = "bytes";
const MD5_OF_BYTES: &str = "SzpiGLs+OnMD6KFxpg/Pkg==";

/// Signs as it should, until a test changes something about it.
#[derive(Clone, Copy)]
struct Signer<'a> {
    endpoint: &'a str,
    bucket: &'a str,
    key: &'a str,
    secret: &'a str,
    region: &'a str,
    at: i64,
}

impl Signer<'_> {
    fn sign(&self, method: Method, object: &str, headers: &[(&str, &str)]) -> Url {
        let url = format!("{}/{}/{object}", self.endpoint, self.bucket);
        sign(
            &jiff::Timestamp::from_second(self.at).unwrap(),
            method,
            url.parse().unwrap(),
            self.key,
            self.secret,
            None,
            self.region,
            VALID_SECONDS,
            iter::empty(),
            headers.iter().copied(),
        )
    }

    fn get(&self, object: &str) -> RequestBuilder {
        Client::new().get(self.sign(Method::Get, object, &[]))
    }

    fn put(&self, md5: &str) -> RequestBuilder {
        let url = self.sign(Method::Put, "object", &[("content-md5", md5)]);
        Client::new().put(url).body(BYTES)
    }
}

/// Its status and its code.
async fn answer(request: RequestBuilder) -> (u16, String) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    let code = text
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    (
        status,
        code.map_or(text.clone(), |(code, _)| code.to_owned()),
    )
}

async fn fake() -> FakeS3 {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    FakeS3::start(Arc::new(|| Timestamp::from_millis(NOW * 1000))).await
}

fn right(fake: &FakeS3) -> Signer<'_> {
    Signer {
        endpoint: fake.url(),
        bucket: BUCKET,
        key: KEY,
        secret: SECRET,
        region: REGION,
        at: NOW,
    }
}

async fn check(cases: Vec<(RequestBuilder, u16, &str)>) {
    for (n, (request, status, code)) in cases.into_iter().enumerate() {
        assert_eq!(answer(request).await, (status, code.to_owned()), "case {n}");
    }
}

#[tokio::test]
async fn what_is_not_signed_right_is_refused() {
    let fake = fake().await;
    let right = right(&fake);
    let with = |signer: Signer<'_>| signer.get("object");
    let unsigned = format!("{}/{BUCKET}/object", fake.url());
    let elsewhere = right.sign(Method::Get, "other", &[]).to_string();
    let elsewhere = elsewhere.replace("/other?", "/object?");
    let deleting = right.sign(Method::Get, "object", &[]);
    let (key, secret, region) = ("AKIANOBODY", "another", "eu-west-9");
    let region_error = "AuthorizationQueryParametersError";
    let (early, late) = (NOW - 301, NOW + 901);
    let no_match = "SignatureDoesNotMatch";
    check(vec![
        (Client::new().get(unsigned), 403, "AccessDenied"),
        (Client::new().get(elsewhere), 403, no_match),
        (Client::new().delete(deleting), 403, no_match),
        (with(Signer { secret, ..right }), 403, no_match),
        (with(Signer { key, ..right }), 403, "InvalidAccessKeyId"),
        (with(Signer { region, ..right }), 400, region_error),
        (with(Signer { at: early, ..right }), 403, "RequestExpired"),
        (
            with(Signer { at: late, ..right }),
            403,
            "RequestTimeTooSkewed",
        ),
        // The hash of what is sent was signed, and is not sent or is another.
        (right.put(MD5_OF_BYTES), 403, no_match),
        (
            right.put(MD5_OF_BYTES).header("content-md5", "AAAA"),
            403,
            no_match,
        ),
        (
            with(right).header("x-amz-unsigned", "1"),
            403,
            "AccessDenied",
        ),
        // As it should be, but there is nothing yet.
        (with(right), 404, "NoSuchKey"),
    ])
    .await;
}

#[tokio::test]
async fn what_is_not_asked_right_is_refused() {
    let fake = fake().await;
    let right = right(&fake);
    let put = || right.put(MD5_OF_BYTES).header("content-md5", MD5_OF_BYTES);
    let get = || right.get("object");
    let bucket = "another";
    let no_hash = right.put("?").header("content-md5", "?");
    let chunked = Body::wrap_stream(futures_util::stream::iter([Ok::<_, std::io::Error>(BYTES)]));
    check(vec![
        (put(), 200, ""),
        (get(), 200, BYTES),
        (get().header("range", "bytes=1-2"), 206, "yt"),
        (get().header("range", "bytes=5-9"), 416, "InvalidRange"),
        (get().header("range", "bytes=x"), 400, "InvalidArgument"),
        (right.get("missing"), 404, "NoSuchKey"),
        (
            Signer { bucket, ..right }.get("object"),
            404,
            "NoSuchBucket",
        ),
        (put().body("other"), 400, "BadDigest"),
        (no_hash, 400, "InvalidDigest"),
        (put().body(chunked), 501, "NotImplemented"),
        (get(), 200, BYTES),
    ])
    .await;
}

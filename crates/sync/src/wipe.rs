//! Orders to wipe this device: whether one is genuine, and telling the server when it is done.
//!
//! Invariant: an order counts only under the key that was pinned at the sign-in, from the server
//! of the link, for the device of the link.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use stoa_protocol::device::{WipeOrder, Wiped, wipe_message, wiped_message};
use stoa_store::Link;

use crate::account::AccountError;
use crate::http::HttpTransport;
use crate::session::{hex, unhex};
use crate::tls::Trust;
use crate::transport::Transport;

/// Whether the server of this link means this device and nobody else.
pub fn is_genuine(link: &Link, order: &WipeOrder) -> bool {
    let (Some(key), Some(signature)) = (link.order_key, unhex::<64>(&order.signature)) else {
        return false;
    };
    let is_meant = order.server_id == link.server_id && order.device == link.device;
    let is_whole = unhex::<32>(&order.nonce).is_some();
    let message = wipe_message(&order.server_id, order.device, &order.nonce);
    let signature = Signature::from_bytes(&signature);
    let is_signed = VerifyingKey::from_bytes(&key)
        .is_ok_and(|key| key.verify_strict(&message, &signature).is_ok());
    is_meant && is_whole && is_signed
}

/// What is told to the server once the order is carried out. Made before, because the key that
/// signs it goes with everything else.
pub fn carried_out(link: &Link, order: &WipeOrder) -> Wiped {
    let message = wiped_message(&order.server_id, order.device, &order.nonce);
    let signature = SigningKey::from_bytes(&link.device_key).sign(&message);
    Wiped {
        device: order.device,
        nonce: order.nonce.clone(),
        signature: hex(&signature.to_bytes()),
    }
}

/// Tells the server. Repeating it does no harm.
///
/// # Errors
/// [`AccountError`]; `NotFound` when the server knows no such order.
pub async fn tell(
    server_url: &str,
    ca_pem: Option<&str>,
    said: &Wiped,
) -> Result<(), AccountError> {
    let trust = ca_pem.map_or(Trust::System, Trust::Only);
    let server = HttpTransport::new(server_url, trust)?;
    Ok(server.wiped(said).await?)
}

#[cfg(test)]
mod tests {
    use stoa_domain::{CommunityId, DeviceId, Role, UserId};
    use zeroize::Zeroizing;

    use super::*;

    const SERVER_KEY: [u8; 32] = [3; 32];

    fn link() -> Link {
        Link {
            server_url: "https://stoa.example".to_owned(),
            server_id: "server".to_owned(),
            ca_pem: None,
            community: CommunityId::from_bytes([1; 16]),
            community_name: "知行社".to_owned(),
            timezone: None,
            device: DeviceId::from_bytes([2; 16]),
            device_key: Zeroizing::new([4; 32]),
            user: UserId::from_bytes([5; 16]),
            email: "lin@example.com".to_owned(),
            name: "林".to_owned(),
            role: Role::Owner,
            epoch: String::new(),
            tokens: None,
            order_key: Some(public(&SERVER_KEY)),
        }
    }

    fn public(secret: &[u8; 32]) -> [u8; 32] {
        SigningKey::from_bytes(secret).verifying_key().to_bytes()
    }

    fn order(server_id: &str, device: DeviceId, secret: &[u8; 32]) -> WipeOrder {
        let nonce = "ab".repeat(32);
        let message = wipe_message(server_id, device, &nonce);
        let signature = SigningKey::from_bytes(secret).sign(&message);
        WipeOrder {
            server_id: server_id.to_owned(),
            device,
            nonce,
            signature: hex(&signature.to_bytes()),
        }
    }

    #[test]
    fn the_order_of_the_own_server_for_this_device_counts() {
        let link = link();
        assert!(is_genuine(
            &link,
            &order("server", link.device, &SERVER_KEY)
        ));
    }

    #[test]
    fn every_other_order_does_nothing() {
        let link = link();
        let genuine = order("server", link.device, &SERVER_KEY);
        let other = DeviceId::from_bytes([9; 16]);
        let cases = [
            ("by another key", order("server", link.device, &[7; 32])),
            (
                "of another server",
                order("elsewhere", link.device, &SERVER_KEY),
            ),
            ("for another device", order("server", other, &SERVER_KEY)),
            (
                "for another device, with its name put in",
                WipeOrder {
                    device: link.device,
                    ..order("server", other, &SERVER_KEY)
                },
            ),
            (
                "with another nonce",
                WipeOrder {
                    nonce: "cd".repeat(32),
                    ..genuine.clone()
                },
            ),
            (
                "with a nonce that is none",
                WipeOrder {
                    nonce: String::new(),
                    ..genuine.clone()
                },
            ),
            (
                "without a signature",
                WipeOrder {
                    signature: String::new(),
                    ..genuine.clone()
                },
            ),
            (
                "with a signature that is no hex",
                WipeOrder {
                    signature: "知".repeat(43),
                    ..genuine.clone()
                },
            ),
        ];
        for (what, order) in cases {
            assert!(!is_genuine(&link, &order), "{what}");
        }
        let unpinned = Link {
            order_key: None,
            ..link
        };
        assert!(!is_genuine(&unpinned, &genuine), "without a pinned key");
    }

    #[test]
    fn what_is_told_is_signed_by_the_device() {
        let link = link();
        let order = order("server", link.device, &SERVER_KEY);
        let said = carried_out(&link, &order);
        let message = wiped_message("server", link.device, &order.nonce);
        let signature = Signature::from_bytes(&unhex(&said.signature).unwrap());
        let key = VerifyingKey::from_bytes(&public(&link.device_key)).unwrap();
        assert!(key.verify_strict(&message, &signature).is_ok());
    }
}

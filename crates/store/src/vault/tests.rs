use std::collections::BTreeMap;
use std::sync::Mutex;

use super::*;
use crate::OsRandom;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const CHEAP: PassphraseCost = PassphraseCost {
    memory_kib: 64,
    passes: 1,
    lanes: 1,
};

#[derive(Default)]
struct Shelf(Mutex<BTreeMap<String, Vec<u8>>>);

impl SecretStore for Shelf {
    fn backend(&self) -> String {
        "shelf".to_owned()
    }
    fn get(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let shelf = self.0.lock().unwrap();
        shelf
            .get(name)
            .cloned()
            .map(Zeroizing::new)
            .ok_or(SecretError::NoEntry)
    }
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        self.0
            .lock()
            .unwrap()
            .insert(name.to_owned(), secret.to_vec());
        Ok(())
    }
    fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
}

/// Takes everything and gives nothing back.
struct Sieve;

impl SecretStore for Sieve {
    fn backend(&self) -> String {
        "sieve".to_owned()
    }
    fn get(&self, _: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        Ok(Zeroizing::new(vec![0; 32]))
    }
    fn set(&self, _: &str, _: &[u8]) -> Result<(), SecretError> {
        Ok(())
    }
    fn delete(&self, _: &str) -> Result<(), SecretError> {
        Ok(())
    }
}

fn new<'a>(secrets: Option<&'a dyn SecretStore>, passphrase: Option<&'a str>) -> NewVault<'a> {
    NewVault {
        secrets,
        passphrase,
        cost: CHEAP,
    }
}

fn same(a: &VaultKey, b: &VaultKey) -> bool {
    a.derive("test") == b.derive("test")
}

#[test]
fn every_lock_opens_the_same_vault() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::default();
    let (key, recovery) =
        create_vault(dir.path(), &new(Some(&shelf), Some("口令")), NOW, &OsRandom).unwrap();
    let vault = Vault::read(dir.path()).unwrap();
    assert!(same(&key, &vault.unlock_with_keychain(&shelf).unwrap()));
    assert!(same(&key, &vault.unlock_with_passphrase("口令").unwrap()));
    let typed: RecoveryKey = recovery.to_string().to_lowercase().parse().unwrap();
    assert!(same(&key, &vault.unlock_with_recovery(&typed).unwrap()));
    assert!(vault.has_passphrase() && vault.has_keychain());
    assert_eq!(vault.created_at(), NOW);
}

#[test]
fn every_wrong_key_has_its_own_error() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::default();
    let (_, _) = create_vault(dir.path(), &new(Some(&shelf), Some("a")), NOW, &OsRandom).unwrap();
    let vault = Vault::read(dir.path()).unwrap();
    let other = tempfile::tempdir().unwrap();
    let (foreign, foreign_recovery) =
        create_vault(other.path(), &new(None, Some("a")), NOW, &OsRandom).unwrap();
    assert!(matches!(
        vault.unlock_with_passphrase("b"),
        Err(UnlockError::WrongPassphrase)
    ));
    assert!(matches!(
        vault.unlock_with_recovery(&foreign_recovery),
        Err(UnlockError::WrongRecoveryKey)
    ));
    assert!(matches!(
        vault.unlock_with_keychain(&Sieve),
        Err(UnlockError::WrongKey)
    ));
    assert!(matches!(
        vault.unlock_with_keychain(&Shelf::default()),
        Err(UnlockError::KeyMissing)
    ));
    let mut vault = vault;
    assert!(matches!(
        vault.set_passphrase(&foreign, "c", CHEAP, &OsRandom),
        Err(UnlockError::WrongKey)
    ));
}

#[test]
fn no_second_key_is_made_beside_a_manifest_its_copy_or_a_database() {
    for name in [manifest::FILE, manifest::COPY, db::FILE] {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(name), b"").unwrap();
        let made = create_vault(dir.path(), &new(None, Some("a")), NOW, &OsRandom);
        assert!(matches!(made, Err(VaultError::AlreadyExists)), "{name}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_keychain_that_keeps_nothing_is_not_trusted() {
    let dir = tempfile::tempdir().unwrap();
    let made = create_vault(dir.path(), &new(Some(&Sieve), None), NOW, &OsRandom);
    assert!(matches!(
        made,
        Err(VaultError::Keychain(SecretError::Unavailable(_)))
    ));
    assert!(matches!(
        Vault::read(dir.path()),
        Err(ManifestError::Missing)
    ));
    create_vault(dir.path(), &new(Some(&Sieve), Some("a")), NOW, &OsRandom).unwrap();
    assert!(!Vault::read(dir.path()).unwrap().has_keychain());
}

#[test]
fn a_vault_needs_a_lock() {
    let dir = tempfile::tempdir().unwrap();
    let made = create_vault(dir.path(), &new(None, None), NOW, &OsRandom);
    assert!(matches!(made, Err(VaultError::NoLock)));
}

#[test]
fn a_damaged_manifest_is_read_from_its_copy() {
    let dir = tempfile::tempdir().unwrap();
    let (key, _) = create_vault(dir.path(), &new(None, Some("a")), NOW, &OsRandom).unwrap();
    let path = dir.path().join(manifest::FILE);
    let whole = std::fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for damaged in [&whole[..whole.len() / 2], b"", &flipped] {
        std::fs::write(&path, damaged).unwrap();
        let vault = Vault::read(dir.path()).unwrap();
        assert!(same(&key, &vault.unlock_with_passphrase("a").unwrap()));
    }
    std::fs::remove_file(&path).unwrap();
    assert!(Vault::read(dir.path()).is_ok());
    std::fs::write(dir.path().join(manifest::COPY), &flipped).unwrap();
    std::fs::write(&path, &flipped).unwrap();
    assert!(matches!(
        Vault::read(dir.path()),
        Err(ManifestError::Damaged(_))
    ));
}

#[test]
fn the_keychain_gets_a_key_again_and_the_old_entry_goes() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::default();
    let (key, _) = create_vault(dir.path(), &new(Some(&shelf), None), NOW, &OsRandom).unwrap();
    let mut vault = Vault::read(dir.path()).unwrap();
    let new_shelf = Shelf::default();
    vault
        .restore_keychain(&key, &new_shelf, NOW, &OsRandom)
        .unwrap();
    vault.set_passphrase(&key, "neu", CHEAP, &OsRandom).unwrap();
    let vault = Vault::read(dir.path()).unwrap();
    assert!(same(&key, &vault.unlock_with_keychain(&new_shelf).unwrap()));
    assert!(same(&key, &vault.unlock_with_passphrase("neu").unwrap()));
    assert!(matches!(
        vault.unlock_with_keychain(&shelf),
        Err(UnlockError::KeyMissing)
    ));
}

#[test]
fn the_manifest_holds_no_secret_in_clear() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::default();
    let (key, recovery) = create_vault(
        dir.path(),
        &new(Some(&shelf), Some("geheim")),
        NOW,
        &OsRandom,
    )
    .unwrap();
    let text = std::fs::read_to_string(dir.path().join(manifest::FILE)).unwrap();
    assert!(!text.contains("geheim"));
    assert!(!text.contains(&hex::encode(key.derive("db").as_ref())));
    assert!(
        !recovery
            .groups()
            .iter()
            .any(|group| text.contains(group.as_str()))
    );
}

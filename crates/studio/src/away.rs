//! A profile that has been away from its server for too long: it syncs behind a locked door, and
//! opens when that succeeds or somebody brings passphrase or recovery key.

use std::sync::Arc;

use stoa_ipc::{ErrorCode, Failure};
use stoa_store::Store;

use crate::open_profile::OpenProfile;
use crate::opening::{With, key_of};
use crate::place::Place;
use crate::studio::{Studio, blocking};

impl Studio {
    /// Whether the profile has been away for too long. A store that cannot say so locks nobody out.
    pub(crate) async fn is_away_too_long(&self, store: &Store) -> bool {
        let (store, now) = (store.clone(), self.now());
        let looked = blocking(move || store.is_away_too_long(now)).await;
        looked.is_ok_and(|looked| looked.unwrap_or(false))
    }

    /// Looks whether the door of a profile has to be locked or can be opened.
    pub(crate) fn begin_look(&self, id: &str) {
        let (studio, id) = (self.clone(), id.to_owned());
        self.inner.runtime.spawn(async move {
            let _door = studio.inner.door.lock().await;
            let place = studio.place().clone();
            match place {
                Place::Away(open) if open.id == id => {
                    if !studio.is_away_too_long(&open.store).await {
                        studio.let_in(open);
                    }
                }
                // Nobody is thrown out in the midst of a sentence.
                Place::Open(open) if open.id == id && !open.is_being_written() => {
                    if studio.is_away_too_long(&open.store).await {
                        studio.set_place(Place::Away(open));
                    }
                }
                _ => {}
            }
        });
    }

    /// Whether a profile waits behind its locked door for a contact.
    pub(crate) fn is_away(&self, id: &str) -> bool {
        matches!(&*self.place(), Place::Away(open) if open.id == id)
    }

    /// The key of somebody opens the door, and the days are counted anew. The keychain's does not:
    /// it answers whoever holds the computer.
    pub(crate) async fn unlock_away(
        &self,
        open: Arc<OpenProfile>,
        with: With,
    ) -> Result<(), Failure> {
        if matches!(with, With::Keychain) {
            if let Some(sync) = open.sync() {
                sync.now();
            }
            return Err(Failure::new(ErrorCode::AwayTooLong, "a contact is needed"));
        }
        let dir = self.inner.folder.profile_dir(&open.id);
        let secrets = self.inner.options.secrets.clone();
        blocking(move || key_of(&dir, &with, &*secrets)).await??;
        let _door = self.inner.door.lock().await;
        self.count_anew(&open.store).await;
        if self.is_away(&open.id) {
            self.let_in(open);
        }
        Ok(())
    }

    /// Somebody has proved who they are: the days begin again. A disk that does not take it keeps
    /// nobody out.
    pub(crate) async fn count_anew(&self, store: &Store) {
        if store.is_read_only() {
            return;
        }
        let (store, now) = (store.clone(), self.now());
        if let Ok(Err(error)) = blocking(move || store.note_contact(now)).await {
            tracing::warn!(%error, "the days without contact go on");
        }
    }

    fn let_in(&self, open: Arc<OpenProfile>) {
        self.set_place(Place::Open(open));
    }
}

//! Wiping a profile by order of its account: begun when a genuine order comes, finished here or at
//! the next start, told to the server when that can be reached.

use std::path::Path;
use std::time::Duration;

use stoa_domain::Timestamp;
use stoa_ipc::Failure;
use stoa_protocol::device::{WipeOrder, Wiped as Said};
use stoa_store::{Store, Wipe, WipeReport};
use stoa_sync::{AccountError, wipe};

use crate::failure::OrFailure;
use crate::place::{Place, Wiped};
use crate::studio::{Studio, blocking};

/// The first and the longest wait before the server is told again.
const TELL_AGAIN: Duration = Duration::from_secs(5);
const TELL_AT_LEAST: Duration = Duration::from_secs(30 * 60);

impl Studio {
    /// At a start: wipes that were begun go on, and one that nobody has seen is shown.
    pub(crate) fn show_wiped(&self) -> bool {
        let wiped = self.inner.folder.wiped();
        let unseen = wiped.iter().find(|(_, record)| !record.is_seen).cloned();
        for (id, record) in wiped {
            self.go_on_wiping(id, record);
        }
        let Some((id, record)) = unseen else {
            return false;
        };
        self.set_place(Place::Wiped(Wiped { id, record }));
        true
    }

    /// An order came for a profile.
    pub(crate) fn obey(&self, id: &str, order: WipeOrder) {
        let (studio, id) = (self.clone(), id.to_owned());
        self.inner.runtime.spawn(async move {
            if let Err(failure) = studio.wipe(&id, order).await {
                tracing::error!(code = failure.code.as_str(), "the wipe did not begin");
            }
        });
    }

    /// Wipes the open profile, if the order is genuine. Nothing of it is shown any more before
    /// anything is removed.
    pub(crate) async fn wipe(&self, id: &str, order: WipeOrder) -> Result<(), Failure> {
        let _door = self.inner.door.lock().await;
        let open = match &*self.place() {
            Place::Open(open) | Place::Away(open) if open.id == id => open.clone(),
            _ => return Ok(()),
        };
        let (store, name) = (open.store.clone(), open.info().name);
        let (dir, now) = (self.inner.folder.profile_dir(id), self.now());
        let begun = blocking(move || begin(&store, &dir, &name, &order, now));
        let Some(record) = begun.await?? else {
            return Ok(());
        };
        let id = id.to_owned();
        self.set_place(Place::Wiped(Wiped {
            id: id.clone(),
            record: record.clone(),
        }));
        open.stop_sync().await;
        drop(open);
        self.go_on_wiping(id, record);
        Ok(())
    }

    fn go_on_wiping(&self, id: String, record: Wipe) {
        let studio = self.clone();
        self.inner.runtime.spawn(async move {
            match studio.finish_wipe(&id, record).await {
                Ok(record) => {
                    studio.show_record(&id, record.clone());
                    studio.tell_of_wipe(&id, record).await;
                }
                // The next start goes on.
                Err(failure) => {
                    tracing::error!(code = failure.code.as_str(), "the wipe is not finished");
                }
            }
        });
    }

    async fn finish_wipe(&self, id: &str, mut record: Wipe) -> Result<Wipe, Failure> {
        let dir = self.inner.folder.profile_dir(id);
        let archives = self.inner.folder.archives_beside(id);
        let secrets = self.inner.options.secrets.clone();
        blocking(move || {
            record.finish(&dir, &archives, &*secrets).or_failure()?;
            Ok(record)
        })
        .await?
    }

    /// Tells the server until it knows.
    async fn tell_of_wipe(&self, id: &str, record: Wipe) {
        let Some(report) = record.report else {
            return self.forget_wiped_if_over(id).await;
        };
        let said = Said {
            device: report.device,
            nonce: report.nonce,
            signature: report.signature,
        };
        let mut wait = TELL_AGAIN;
        loop {
            let told = wipe::tell(&report.server_url, report.ca_pem.as_deref(), &said).await;
            match told {
                // A server that knows no such order need not be told again.
                Ok(()) | Err(AccountError::NotFound) => break,
                Err(error) => tracing::info!(%error, "the server could not be told of the wipe"),
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(TELL_AT_LEAST);
        }
        self.change_wiped(id, Wipe::reported).await;
        self.forget_wiped_if_over(id).await;
    }

    /// Changes the record of a wipe, on the disk and where it is shown.
    pub(crate) async fn change_wiped(
        &self,
        id: &str,
        change: fn(&mut Wipe, &Path) -> Result<(), stoa_store::ManifestError>,
    ) {
        let dir = self.inner.folder.profile_dir(id);
        let changed = blocking(move || {
            let mut record = Wipe::find(&dir)?;
            if let Some(record) = &mut record {
                change(record, &dir)?;
            }
            Ok::<_, stoa_store::ManifestError>(record)
        });
        let record = match changed.await {
            Ok(Ok(Some(record))) => record,
            Ok(Ok(None)) | Err(_) => return,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the record of a wipe stays as it was");
                return;
            }
        };
        self.show_record(id, record);
    }

    /// What is shown of a wipe follows its record.
    fn show_record(&self, id: &str, record: Wipe) {
        let is_shown = matches!(&*self.place(), Place::Wiped(wiped) if wiped.id == id);
        if is_shown {
            let id = id.to_owned();
            self.set_place(Place::Wiped(Wiped { id, record }));
        }
    }

    /// The record goes when the server knows and a person has seen it.
    pub(crate) async fn forget_wiped_if_over(&self, id: &str) {
        let folder = self.inner.folder.clone();
        let id = id.to_owned();
        let forgotten = blocking(move || match Wipe::find(&folder.profile_dir(&id)) {
            Ok(Some(record)) if record.is_over() => folder.remove_profile(&id),
            _ => Ok(()),
        });
        if let Ok(Err(error)) = forgotten.await {
            tracing::warn!(%error, "the record of a wipe stays");
        }
    }
}

/// Writes the record, if the order comes from the server of the link and means this device.
fn begin(
    store: &Store,
    dir: &Path,
    name: &str,
    order: &WipeOrder,
    now: Timestamp,
) -> Result<Option<Wipe>, Failure> {
    let link = store.link().or_failure()?;
    let Some(link) = link.filter(|link| wipe::is_genuine(link, order)) else {
        return Ok(None);
    };
    let said = wipe::carried_out(&link, order);
    let report = WipeReport {
        server_url: link.server_url,
        ca_pem: link.ca_pem,
        device: said.device,
        nonce: said.nonce,
        signature: said.signature,
    };
    Wipe::begin(dir, name, report, now).map(Some).or_failure()
}

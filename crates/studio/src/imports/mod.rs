//! The import of another program's export: read it, say what importing would do, do it.
//!
//! One import is in hand at a time. Reading and importing run in the background and can be
//! stopped; how they stand is told by events, so that a window that is opened anew goes on where
//! it was.

mod mapping;
mod origin;
mod reading;
mod running;
mod source;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stoa_exchange::Imported;
use stoa_ipc::{ErrorCode, Event, Failure, ImportStage, ImportStatus};

pub(crate) use reading::{plan, problems};

use crate::studio::Studio;

/// The import in hand.
#[derive(Default)]
pub(crate) struct Imports(Mutex<Hand>);

#[derive(Default)]
struct Hand {
    n: u64,
    import: Option<Import>,
}

struct Import {
    status: ImportStatus,
    path: PathBuf,
    stop: Arc<AtomicBool>,
    imported: Option<Arc<Imported>>,
    /// What takes it back.
    step: Option<i64>,
}

impl Imports {
    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives up what is in hand: the profile is left.
    pub(crate) fn abandon(&self) {
        if let Some(import) = self.hand().import.take() {
            import.stop.store(true, Ordering::Relaxed);
        }
    }

    fn get<T>(&self, n: u64, of: impl FnOnce(&Import) -> T) -> Result<T, Failure> {
        match &self.hand().import {
            Some(import) if import.status.import == n => Ok(of(import)),
            _ => Err(Failure::new(ErrorCode::NotFound, "there is no such import")),
        }
    }

    /// What was read, once it was.
    fn read(&self, n: u64) -> Result<(Arc<Imported>, PathBuf), Failure> {
        self.get(n, |import| {
            let imported = import.imported.clone();
            imported.map(|imported| (imported, import.path.clone()))
        })?
        .ok_or_else(|| Failure::new(ErrorCode::NotFound, "it is not read yet"))
    }
}

/// How the files end that other programs write their exports to.
const ENDINGS: [&str; 6] = ["zip", "json", "xml", "docx", "html", "htm"];

/// Whether it is a folder, or called like the export of another program.
pub(crate) fn is_export(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    path.is_dir() || ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
}

impl Studio {
    /// How the import in hand stands.
    pub(crate) fn import_status(&self) -> Option<ImportStatus> {
        let hand = self.inner.imports.hand();
        hand.import.as_ref().map(|import| import.status.clone())
    }

    /// Begins to read an export.
    pub(crate) fn look_at_import(&self, path: PathBuf) -> Result<ImportStatus, Failure> {
        self.profile()?;
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy().into_owned();
        let stop = Arc::new(AtomicBool::new(false));
        let status = {
            let mut hand = self.inner.imports.hand();
            if hand
                .import
                .as_ref()
                .is_some_and(|import| import.status.stage == ImportStage::Running)
            {
                return Err(Failure::field("import", "import-runs"));
            }
            if let Some(before) = hand.import.take() {
                before.stop.store(true, Ordering::Relaxed);
            }
            hand.n += 1;
            let status = ImportStatus {
                import: hand.n,
                name,
                stage: ImportStage::Reading,
                n_done: 0,
                n_total: 0,
                found: None,
                report: None,
            };
            hand.import = Some(Import {
                status: status.clone(),
                path: path.clone(),
                stop: stop.clone(),
                imported: None,
                step: None,
            });
            status
        };
        self.tell_import();
        let (studio, n) = (self.clone(), status.import);
        self.inner.runtime.spawn_blocking(move || {
            let read = reading::read(&studio, n, &path, stop.clone());
            studio.change_import(n, |import| match read {
                // Somebody stopped it: there is nothing to be seen.
                _ if stop.load(Ordering::Relaxed) => reading::give_up(import, None),
                Ok((imported, found)) => {
                    import.status.stage = ImportStage::Ready;
                    import.status.found = Some(found);
                    import.imported = Some(Arc::new(imported));
                }
                Err(code) => reading::give_up(import, Some(code)),
            });
        });
        Ok(status)
    }

    /// Forgets an import; one that runs goes on.
    pub(crate) fn close_import(&self, n: u64) -> Result<(), Failure> {
        let stage = self.inner.imports.get(n, |import| import.status.stage)?;
        if stage != ImportStage::Running {
            self.inner.imports.abandon();
            self.tell_import();
        }
        Ok(())
    }

    pub(crate) fn cancel_import(&self, n: u64) -> Result<(), Failure> {
        self.inner
            .imports
            .get(n, |import| import.stop.store(true, Ordering::Relaxed))
    }

    /// Takes an import back that has ended.
    pub(crate) async fn undo_import(&self, n: u64) -> Result<Option<stoa_store::Turned>, Failure> {
        let step = self.inner.imports.get(n, |import| import.step)?;
        let step = step.ok_or_else(|| Failure::new(ErrorCode::NotFound, "nothing was imported"))?;
        let now = self.now();
        let turned = self.ask(move |store| store.undo_step(step, now)).await?;
        self.change_import(n, |import| {
            import.step = None;
            if let Some(report) = &mut import.status.report {
                report.can_undo = false;
            }
        });
        Ok(turned)
    }

    /// Changes the import in hand, if it still is this one, and says so.
    fn change_import(&self, n: u64, change: impl FnOnce(&mut Import)) {
        {
            let mut hand = self.inner.imports.hand();
            match &mut hand.import {
                Some(import) if import.status.import == n => change(import),
                _ => return,
            }
        }
        self.tell_import();
    }

    fn tell_import(&self) {
        self.emit(Event::Import(self.import_status().map(Box::new)));
    }
}

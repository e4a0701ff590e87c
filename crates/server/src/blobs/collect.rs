//! Letting go of files that no draft uses.

use crate::app::App;
use crate::objects::ObjectError;
use crate::refusal::Refusal;
use crate::tables::blob::{self, Litter};

/// How long a file that no draft uses is kept: time to undo, and to finish a slow upload.
const KEEP_MILLIS: i64 = 30 * 86_400_000;
/// How many files are looked at in one transaction.
const BATCH: i64 = 200;

/// Takes away what no draft has used for 30 days. Rows go first and name their objects for
/// deletion, so that a crash at any point leaves nothing behind for good.
pub(crate) async fn collect(app: &App) -> Result<(), Refusal> {
    let before = app.now().plus_millis(-KEEP_MILLIS);
    let n = app
        .db
        .write(move |tx| Ok(blob::abandon(tx, before, BATCH)?))
        .await?;
    if n > 0 {
        tracing::info!(n, "files that no draft uses are let go");
    }
    let litter = app.db.read(|tx| Ok(blob::litter(tx, BATCH)?)).await?;
    for Litter { place, n_parts } in litter {
        match app.blobs.objects.delete(place, n_parts).await {
            Ok(()) | Err(ObjectError::NotFound) => {
                app.db.write(move |tx| Ok(blob::swept(tx, place)?)).await?;
            }
            Err(error) => tracing::warn!(%error, "a file could not be deleted; tried again later"),
        }
    }
    Ok(())
}

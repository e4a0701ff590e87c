//! Getting work back: backups and restoring one, and taking out what can be read of a profile that
//! does not open. Shown beside what is stored, and where a profile cannot be opened.

mod backups;
mod restore;
mod salvage;

pub(crate) use backups::Backups;
pub(crate) use salvage::SalvageSetting;

//! Lists that are kept under a name, on this computer.

use stoa_domain::{ListLook, MAX_VIEWS, SavedView, ViewName};

use super::Store;
use crate::StoreError;
use crate::table::meta;

impl Store {
    /// The views that are kept, in the order of the sidebar.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn views(&self) -> Result<Vec<SavedView>, StoreError> {
        self.read(|db| meta::views(db))
    }

    /// Keeps a view under a name, as the last one. `None` when there are [`MAX_VIEWS`] already.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn save_view(
        &self,
        name: ViewName,
        look: ListLook,
    ) -> Result<Option<SavedView>, StoreError> {
        self.write(|work| {
            let mut views = meta::views(work.db)?;
            if views.len() >= MAX_VIEWS {
                return Ok(None);
            }
            let id = views.iter().map(|view| view.id).max().unwrap_or(0) + 1;
            let view = SavedView { id, name, look };
            views.push(view.clone());
            meta::set_views(work.db, &views)?;
            Ok(Some(view))
        })
    }

    /// Gives a view another name or another look, what is absent stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and others; nothing was changed then.
    pub fn change_view(
        &self,
        id: u32,
        name: Option<ViewName>,
        look: Option<ListLook>,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            let mut views = meta::views(work.db)?;
            let is_it = |view: &&mut SavedView| view.id == id;
            let view = views.iter_mut().find(is_it).ok_or(StoreError::NotFound)?;
            if let Some(name) = name {
                view.name = name;
            }
            if let Some(look) = look {
                view.look = look;
            }
            meta::set_views(work.db, &views)
        })
    }

    /// Keeps a view no longer; answers where it stood.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and others; nothing was changed then.
    pub fn delete_view(&self, id: u32) -> Result<u32, StoreError> {
        self.write(|work| {
            let mut views = meta::views(work.db)?;
            let at = views.iter().position(|view| view.id == id);
            let at = at.ok_or(StoreError::NotFound)?;
            views.remove(at);
            meta::set_views(work.db, &views)?;
            Ok(u32::try_from(at).unwrap_or(u32::MAX))
        })
    }

    /// Puts a view back that was deleted, where it stood; whether there was room for it.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn put_back_view(&self, view: SavedView, at: u32) -> Result<bool, StoreError> {
        self.write(|work| {
            let mut views = meta::views(work.db)?;
            let is_there = views.iter().any(|other| other.id == view.id);
            if is_there || views.len() >= MAX_VIEWS {
                return Ok(is_there);
            }
            let at = usize::try_from(at).unwrap_or(usize::MAX).min(views.len());
            views.insert(at, view);
            meta::set_views(work.db, &views)?;
            Ok(true)
        })
    }
}

//! What whole-program tests share: the built programs, a backend, a display, real windows and
//! browsers. Everything that is started here is stopped by process id when it is dropped.

pub mod backend;
pub mod child;
pub mod device;
pub mod display;
pub mod driver;
pub mod host;
pub mod keyring;
pub mod page;
pub mod postgres;
pub mod programs;
pub mod reader;
pub mod relay;
pub mod screens;
pub mod terminal;
pub mod window;

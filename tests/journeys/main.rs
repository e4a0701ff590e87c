//! The whole program, as a person uses it: real window, real browsers, real backend.

mod accessibility;
mod bad_input;
mod centre;
mod courses;
mod first_light;
mod for_good;
mod hostile;
mod images;
mod importing;
mod input_methods;
mod listing;
mod live_session;
mod media;
mod previews;
mod proposals;
mod publishing;
mod put_aside;
mod reviews;
mod surface;
mod tags;
mod two_devices;
mod versions;

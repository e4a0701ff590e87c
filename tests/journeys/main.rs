//! The whole program, as a person uses it: real window, real browsers, real backend.

mod first_light;
mod surface;

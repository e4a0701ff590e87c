//! The real window: how soon it is there, how it echoes keys, what it holds.

//! Counting the sums of every bucket from its rows, when a migration moved tables between buckets.

use stoa_domain::CommunityId;
use stoa_mutators::{Key, Table};

use crate::db::{DbError, Tx};
use crate::tables::bucket::{self, Sums};
use crate::tables::{attachment, community, doc_update, draft, person, server, tag};

/// Counts anew when a migration asked for it. Several processes may start at once: the second
/// one finds nothing to do.
pub(crate) fn recount_if_due(tx: &mut dyn Tx) -> Result<(), DbError> {
    if !server::must_recount(tx)? {
        return Ok(());
    }
    for (community, _) in community::heads(tx)? {
        community::lock(tx, community)?;
        recount(tx, community)?;
    }
    server::recounted(tx)
}

fn recount(tx: &mut dyn Tx, community: CommunityId) -> Result<(), DbError> {
    for table in Table::ALL {
        let name = table.bucket();
        let mut sums = Sums {
            horizon: bucket::sums(tx, community, name)?.horizon,
            ..Sums::default()
        };
        for other in Table::ALL.into_iter().filter(|t| t.bucket() == name) {
            let mut add = |id, version| sums.replace(Key { table: other, id }, 0, version);
            match other {
                Table::Person => person::visit_versions(tx, community, &mut add)?,
                Table::Draft => draft::visit_versions(tx, community, &mut add)?,
                Table::DocUpdate => doc_update::visit_versions(tx, community, &mut add)?,
                Table::Attachment => attachment::visit_versions(tx, community, &mut add)?,
                Table::Tag => tag::visit_versions(tx, community, &mut add)?,
            }
        }
        bucket::set_sums(tx, community, name, sums)?;
    }
    Ok(())
}

//! The owners of names, and what proves them.
//!
//! Must not know: who may own what.

use rusqlite::{Connection, Result};

use super::owners_check;
use crate::model::{Name, Text, Timestamp};
use crate::server::store::api::{Owner, Proof};

/// Replaces what is known of a name's owner.
pub(super) fn put(conn: &Connection, owner: &Owner) -> Result<()> {
    let key = owner.name.key().folded;
    owners_check::change(conn, key.as_str(), -1)?;
    conn.prepare_cached("DELETE FROM proof WHERE key = ?1")?.execute([key.as_str()])?;
    conn.prepare_cached("DELETE FROM owner WHERE key = ?1")?.execute([key.as_str()])?;
    if owner.proofs.is_empty() {
        return Ok(());
    }
    conn.prepare_cached("INSERT INTO owner (key, name, since) VALUES (?1, ?2, ?3)")?.execute((
        key.as_str(),
        owner.name.as_str(),
        owner.since.0,
    ))?;
    let mut insert = conn.prepare_cached("INSERT INTO proof (key, identity, since) VALUES (?1, ?2, ?3)")?;
    for proof in &owner.proofs {
        insert.execute((key.as_str(), proof.identity.to_string(), proof.since.0))?;
    }
    owners_check::change(conn, key.as_str(), 1)
}

/// All owners, and what is damaged, in a few words each: those rows are left out.
pub(super) fn all(conn: &Connection) -> Result<(Vec<Owner>, Vec<String>)> {
    let mut owners: Vec<Owner> = Vec::new();
    let mut lost = owners_check::orphans(conn)?;
    let mut select = conn.prepare(
        "SELECT owner.name, owner.since, proof.identity, proof.since FROM owner JOIN proof USING (key)
         ORDER BY owner.key, proof.since, proof.identity",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (name, identity): (String, String) = (row.get(0)?, row.get(2)?);
        let (Ok(name), Ok(identity)) = (Name::parse(&name), identity.parse()) else {
            lost.push(format!("the owner of the name {}", Text::line(&name)));
            continue;
        };
        let proof = Proof { identity, since: Timestamp(row.get(3)?) };
        match owners.last_mut().filter(|owner| owner.name == name) {
            Some(owner) => owner.proofs.push(proof),
            None => owners.push(Owner { name, since: Timestamp(row.get(1)?), proofs: vec![proof] }),
        }
    }
    if lost.is_empty() && !owners_check::is_right(conn)? {
        lost.push("an owner of a name (it cannot be told which)".to_owned());
    }
    if !lost.is_empty() {
        log::error!(count = lost.len(); "owners_damaged");
    }
    Ok((owners, lost))
}

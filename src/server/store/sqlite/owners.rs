//! The owners of names, and what proves them.
//!
//! Must not know: who may own what.

use rusqlite::{Connection, OptionalExtension as _, Result};

use crate::model::{Name, Timestamp};
use crate::server::store::api::{Owner, Proof};

/// Replaces what is known of a name's owner.
pub(super) fn put(conn: &Connection, owner: &Owner) -> Result<()> {
    let key = owner.name.key().folded;
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
    Ok(())
}

/// What is kept of a name's owner; without proofs if nobody owns it.
pub(super) fn get(conn: &Connection, name: &Name) -> Result<Owner> {
    let key = name.key().folded;
    let mut select = conn.prepare_cached("SELECT name, since FROM owner WHERE key = ?1")?;
    let found = select.query_row([key.as_str()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).optional()?;
    let Some((spelled, since)) = found else {
        return Ok(Owner { name: name.clone(), since: Timestamp(0), proofs: Vec::new() });
    };
    let mut select =
        conn.prepare_cached("SELECT identity, since FROM proof WHERE key = ?1 ORDER BY since, identity")?;
    let proofs = select.query_map([key.as_str()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let proofs = proofs.collect::<Result<Vec<_>>>()?;
    let proof =
        |(identity, since): (String, i64)| Some(Proof { identity: identity.parse().ok()?, since: Timestamp(since) });
    Ok(Owner {
        name: Name::parse(&spelled).unwrap_or_else(|_| name.clone()),
        since: Timestamp(since),
        proofs: proofs.into_iter().filter_map(proof).collect(),
    })
}

/// All owners. Rows that make no sense any more are left out and logged: a name without a proof is free.
pub(super) fn all(conn: &Connection) -> Result<Vec<Owner>> {
    let mut owners: Vec<Owner> = Vec::new();
    let mut select = conn.prepare(
        "SELECT owner.name, owner.since, proof.identity, proof.since FROM owner JOIN proof USING (key)
         ORDER BY owner.key, proof.since, proof.identity",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (name, identity): (String, String) = (row.get(0)?, row.get(2)?);
        let (Ok(name), Ok(identity)) = (Name::parse(&name), identity.parse()) else {
            log::error!("owner_damaged");
            continue;
        };
        let proof = Proof { identity, since: Timestamp(row.get(3)?) };
        match owners.last_mut().filter(|owner| owner.name == name) {
            Some(owner) => owner.proofs.push(proof),
            None => owners.push(Owner { name, since: Timestamp(row.get(1)?), proofs: vec![proof] }),
        }
    }
    Ok(owners)
}

//! The owners of names, and what proves them.
//!
//! Must not know: who may own what.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension as _, Result};

use super::intern::Interner;
use super::owners_check;
use crate::model::{FoldedName, Name, Text, Timestamp};
use crate::server::store::api::{Owner, Proof, changes_hands};

/// Replaces what is known of a name's owner. A name that changes hands begins a new generation.
pub(super) fn put(conn: &Connection, interner: &mut Interner, owner: &Owner) -> Result<()> {
    let key = owner.name.folded();
    if changes_hands(&proofs(conn, &key)?, &owner.proofs) {
        interner.renew(conn, &key)?;
    }
    replace(conn, owner)
}

/// An owner takes another name, with all that was said and read under the one before; nothing happens if nobody owns that.
pub(super) fn rename(conn: &Connection, interner: &mut Interner, from: &Owner, to: &Owner) -> Result<()> {
    let key = from.name.folded();
    if proofs(conn, &key)?.is_empty() {
        return Ok(());
    }
    interner.rename(conn, &key, &to.name)?;
    replace(conn, &Owner { proofs: Vec::new(), ..from.clone() })?;
    replace(conn, to)
}

fn replace(conn: &Connection, owner: &Owner) -> Result<()> {
    let key = owner.name.folded();
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
    let mut insert = conn.prepare_cached("INSERT INTO proof (key, identity, since, login) VALUES (?1, ?2, ?3, ?4)")?;
    for Proof { identity, login, since } in &owner.proofs {
        insert.execute((key.as_str(), identity.to_string(), since.0, login))?;
    }
    owners_check::change(conn, key.as_str(), 1)
}

/// What is kept of a name's owner; without proofs if nobody owns it.
pub(super) fn get(conn: &Connection, name: &Name) -> Result<Owner> {
    let key = name.folded();
    let mut select = conn.prepare_cached("SELECT name, since FROM owner WHERE key = ?1")?;
    let found = select.query_row([key.as_str()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).optional()?;
    let Some((spelled, since)) = found else {
        return Ok(Owner { name: name.clone(), since: Timestamp(0), proofs: Vec::new() });
    };
    let name = Name::restored(&spelled).unwrap_or_else(|_| name.clone());
    Ok(Owner { name, since: Timestamp(since), proofs: proofs(conn, &key)? })
}

/// What proves the owner of a name now. A row that makes no sense any more proves nobody.
fn proofs(conn: &Connection, key: &FoldedName) -> Result<Vec<Proof>> {
    let mut select = conn.prepare_cached("SELECT identity, login, since FROM proof WHERE key = ?1")?;
    let rows = select.query_map([key.as_str()], |row| {
        let (identity, login, since): (String, Option<String>, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(identity.parse().ok().map(|identity| Proof { identity, login, since: Timestamp(since) }))
    })?;
    rows.filter_map(Result::transpose).collect()
}

/// Parts names from what was said to them if their owners are lost: such a name is free, and whoever claims it next is not
/// the one who was meant. `owners` are those that can be read; what is left of the others is deleted.
pub(super) fn give_up_lost(conn: &Connection, owners: &[Owner]) -> Result<()> {
    let mut select = conn.prepare("SELECT key FROM owner UNION SELECT key FROM proof")?;
    let keys = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>>>()?;
    let known: HashSet<FoldedName> = owners.iter().map(|owner| owner.name.folded()).collect();
    let lost: Vec<String> = keys.into_iter().filter(|key| !known.contains(key.as_str())).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let transaction = conn.unchecked_transaction()?;
    let mut interner = Interner::default();
    for key in &lost {
        interner.renew(conn, key)?;
        conn.execute("DELETE FROM owner WHERE key = ?1", [key])?;
        conn.execute("DELETE FROM proof WHERE key = ?1", [key])?;
    }
    transaction.commit()
}

/// All owners, and what is damaged, in a few words each: those rows are left out.
pub(super) fn all(conn: &Connection) -> Result<(Vec<Owner>, Vec<String>)> {
    let mut owners: Vec<Owner> = Vec::new();
    let mut lost = owners_check::orphans(conn)?;
    let mut select = conn.prepare(
        "SELECT owner.name, owner.since, proof.identity, proof.since, proof.login FROM owner JOIN proof USING (key)
         ORDER BY owner.key, proof.since, proof.identity",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (name, identity): (String, String) = (row.get(0)?, row.get(2)?);
        let (Ok(name), Ok(identity)) = (Name::restored(&name), identity.parse()) else {
            lost.push(format!("the owner of the name {}", Text::line(&name)));
            continue;
        };
        let proof = Proof { identity, login: row.get(4)?, since: Timestamp(row.get(3)?) };
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

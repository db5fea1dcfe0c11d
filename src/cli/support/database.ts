// How the commands open the database.
import { databasePath, shippedMigrations } from '../../config/config'
import { Store } from '../../store/store'

/** The database, for reading only. Throws if it does not exist or is not migrated. */
export function openRecords(): Store {
  return openIf((store) => store.requireSchema(shippedMigrations()), { readOnly: true })
}

/** The database, for reading its rules, even if followme's own migrations are pending. Throws if it has no rules yet. */
export function openRulesDatabase(): Store {
  return openIf((store) => store.requireRules(), { readOnly: true })
}

/** The database, for reading and writing. Throws if it does not exist or is not migrated. */
export function openToWrite(): Store {
  return openIf((store) => store.requireSchema(shippedMigrations()), { readOnly: false })
}

function openIf(require: (store: Store) => void, options: { readonly readOnly: boolean }): Store {
  const store = Store.open(databasePath(), options)
  try {
    require(store)
    return store
  } catch (error) {
    store.close()
    throw error
  }
}

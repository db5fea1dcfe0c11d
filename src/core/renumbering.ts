// Numbers that a plan has since changed, which carriers and lists go on writing the old way. PURE: imports only core/.

/** One change of a plan. Both ways: carriers send the old form, and lists may have either. */
export interface Renumbering {
  /** Whose plan, when, and by whom. */
  readonly source: string
  /** Nobody has a number of the old form any more, though the metadata still know some. */
  readonly isOver?: true
  readonly changes: readonly Change[]
}

/** Digits with their country code: `was` becomes `now` with what is in its groups, and `is` is `then` again. */
interface Change {
  readonly was: RegExp
  readonly now: string
  readonly is: RegExp
  readonly then: string
}

/** `old` at the beginning of so many digits altogether becomes `present`; pairs apart by blanks: `1~7` or, unchanged, `1`. */
function beginnings(length: number, pairs: string): Change[] {
  return pairs.split(' ').map((pair) => {
    const [old = '', present = ''] = pair.split('~')
    const rest = length - old.length
    return {
      was: new RegExp(`^${old}([0-9]{${rest}})$`),
      now: `${present}$1`,
      is: new RegExp(`^${present}([0-9]{${rest}})$`),
      then: `${old}$1`
    }
  })
}

/** The same change for each of several beginnings: `insert('2372 2373', '2', 3)` puts a 2 after the third digit. */
function insert(length: number, olds: string, added: string, after: number): Change[] {
  return beginnings(
    length,
    olds
      .split(' ')
      .map((old) => `${old}~${old.slice(0, after)}${added}${old.slice(after)}`)
      .join(' ')
  )
}

function each(start: string, digits: string): string {
  return Array.from(digits)
    .map((digit) => start + digit)
    .join(' ')
}

// Metro Manila: which digit was put before a number of seven says whose it was. The longest beginning counts; 8 is PLDT's.
const manila = {
  7: '21 225 238 239 261 263 264 265 266 358 368 369 473 482 50 576 577 585 586 587 61 621 622 623 624 625 717 718 719 720 728 729 730 738 739 744 745 746 747 748 75 791 792 793 794 795 796 797 798 799 90 910 914 915 916 917 918 919 933 934 940 943 944 945 946 949 950 954 955 956 957 958 959 960 964 966 968 97 980 987 989',
  3: '220 221 222 223 224 226 227 228 262 377 378 379 38 390 391 392 393 394 406 407 408 409 41 43 49 427 428 440 443 444 445 446 447 448 449 450 453 454 455 456 466 467 468 469 474',
  6: '76'
}

/** By country code. Dates are those of the change; both forms were in use for months, and some carriers still send the old. */
export const renumberings: readonly Renumbering[] = [
  {
    source: 'Mexico, 3 August 2019 (IFT): the 1 of mobile numbers after the country code was abolished',
    changes: [{ was: /^521([2-9][0-9]{9})$/, now: '52$1', is: /^52([2-9][0-9]{9})$/, then: '521$1' }]
  },
  {
    source: 'Brazil, 2012 to 2016 (ANATEL): a 9 before the eight digits of mobile numbers',
    changes: [
      {
        was: /^55([1-9]{2})([6-9][0-9]{7})$/,
        now: '55$19$2',
        is: /^55([1-9]{2})9([6-9][0-9]{7})$/,
        then: '55$1$2'
      }
    ]
  },
  {
    source: 'Colombia, 1 September 2021 (CRC): 60 before the area code',
    changes: insert(10, each('57', '1245678'), '60', 2)
  },
  {
    source: 'Ivory Coast, 31 January 2021 (ARTCI): eight digits became ten, by the operator of the number',
    changes: [
      ...Array.from('0456789').flatMap((first) => [
        ...insert(11, each(`225${first}`, '0123'), '01', 3),
        ...insert(11, each(`225${first}`, '456'), '05', 3),
        ...insert(11, each(`225${first}`, '789'), '07', 3)
      ]),
      ...['2', '3'].flatMap((first) =>
        Array.from('0123456').flatMap((second) => [
          ...insert(11, `225${first}${second}8`, '21', 3),
          ...insert(11, `225${first}${second}0`, '25', 3)
        ])
      ),
      // Of the incumbent, the areas that the metadata know.
      ...insert(
        11,
        [
          each('22520', '23'),
          each('22521', '2357'),
          each('22522', '245'),
          each('22523', '45'),
          each('22524', '345'),
          '225306 225316 225319 225327 225337 225347 225357 225367'
        ].join(' '),
        '27',
        3
      )
    ]
  },
  {
    source: 'Benin, 30 November 2024 (ARCEP): 01 before the eight digits',
    changes: insert(11, each('229', '24569'), '01', 3)
  },
  {
    source: 'Gabon, 15 November 2019 (ARCEP): seven digits, or a 0 and seven, became eight',
    isOver: true,
    changes: [
      ...beginnings(11, '24101~24111 24102~24162 24105~24165 24106~24166 24104~24174 24107~24177'),
      ...beginnings(10, '2411~24111 2412~24162 2415~24165 2416~24166 2414~24174 2417~24177')
    ]
  },
  {
    source: 'Cameroon, 21 November 2014 (ART): a 2 before fixed, a 6 before mobile numbers',
    changes: [...insert(11, each('237', '23'), '2', 3), ...insert(11, each('237', '5679'), '6', 3)]
  },
  {
    source: 'Vietnam, 2018 (MIC): mobile numbers of eleven digits became ten',
    changes: beginnings(
      12,
      '84120~8470 84121~8479 84122~8477 84126~8476 84128~8478 84123~8483 84124~8484 84125~8485 84127~8481 84129~8482 ' +
        '84162~8432 84163~8433 84164~8434 84165~8435 84166~8436 84167~8437 84168~8438 84169~8439 84186~8456 84188~8458 84199~8459'
    )
  },
  {
    source: 'Vietnam, 2017 (MIC): new area codes',
    changes: [
      ...beginnings(
        11,
        '8420~84214 8422~84212 8425~84205 8426~84206 8427~84207 8429~84216 8453~84233 8454~84234 8452~84232 8455~84255 8457~84257 ' +
          '8460~84260 8461~84251 8462~84252 8463~84263 8464~84254 8466~84276 8467~84277 8468~84259 8472~84272 8473~84273 8474~84294 8475~84275 ' +
          '8442~84242 8443~84243 8444~84244 8445~84245 8446~84246 8447~84247 8448~84248'
      ),
      ...beginnings(
        12,
        '84230~84215 84231~84213 84240~84204 84280~84208 84500~84262 84501~84261 84510~84235 84511~84236 84650~84274 84651~84271 84710~84292 84711~84293'
      )
    ]
  },
  {
    source: 'Philippines, 6 October 2019 (NTC): Metro Manila has eight digits, the first by the operator',
    changes: [
      ...Object.entries(manila).flatMap(([added, starts]) =>
        insert(
          10,
          starts
            .split(' ')
            .map((start) => `632${start}`)
            .join(' '),
          added,
          3
        )
      ),
      ...insert(10, each('632', '2345678') + ' 6329', '8', 3)
    ]
  },
  {
    source: 'Saudi Arabia, 2013 (CITC): a 1 before the area codes of fixed lines',
    changes: insert(11, each('966', '123467'), '1', 3)
  },
  {
    source: 'Kosovo, 15 December 2016 (ITU): +383 in place of the mobile codes of Monaco and Slovenia',
    isOver: true,
    // Not those of Serbia (28, 29, 38, 39), which its networks go on using.
    changes: beginnings(11, '37744~38344 37745~38345 38649~38349')
  },
  {
    source: 'Sint Maarten, 30 September 2011 (NANPA): +1 721 in place of +599',
    changes: beginnings(10, '5995~17215')
  },
  {
    source: 'Chile, 2012 to 2014 (Subtel): a 2 after the area code of fixed lines',
    changes: [
      ...insert(10, each('562', '2345678'), '2', 3),
      ...insert(
        10,
        [
          each('563', '2345'),
          each('564', '1235'),
          each('565', '123578'),
          each('566', '13457'),
          each('567', '1235')
        ].join(' '),
        '2',
        4
      )
    ]
  },
  {
    source: 'Ecuador, 30 September 2012 (CONATEL): a 9 before mobile numbers',
    changes: insert(11, each('593', '89'), '9', 3)
  },
  {
    source: 'Mauritius, 1 September 2013 (ICTA): a 5 before mobile numbers',
    changes: insert(10, each('230', '79'), '5', 3)
  },
  {
    source: 'Egypt, 6 October 2011 (NTRA): mobile numbers of ten digits became eleven',
    changes: beginnings(11, '2010~20100 2016~20106 2019~20109 2012~20122 2017~20127 2018~20128 2011~20111 2014~20114')
  },
  {
    source: 'Qatar, 28 July 2010 (ictQATAR): the first digit was doubled',
    changes: beginnings(10, '9744~97444 9745~97455 9746~97466 9747~97477')
  },
  {
    source: 'Costa Rica, 20 March 2008 (ICE): a 2 before fixed, an 8 before mobile numbers',
    changes: [...insert(10, each('506', '24567'), '2', 3), ...insert(10, each('506', '38'), '8', 3)]
  },
  {
    source: 'Switzerland, 31 March 2007 (BAKOM): 44 in place of area code 1',
    changes: beginnings(10, '411~4144')
  },
  {
    source: 'Saint Helena, 1 October 2013 (ITU): a 2 before the four digits',
    changes: insert(7, each('290', '234567'), '2', 3)
  },
  {
    source: 'Ascension, 1 June 2015 (ITU): a 6 before the four digits',
    changes: insert(7, each('247', '234567'), '6', 3)
  }
]

interface Indexed extends Change {
  readonly isOver: boolean
}

/** Changes by the first two digits of what they are looked up by: a call has its number looked up among a few, not all. */
function index(key: 'was' | 'is'): ReadonlyMap<string, readonly Indexed[]> {
  const found = new Map<string, Indexed[]>()
  for (const { changes, isOver = false } of renumberings) {
    for (const change of changes) {
      const start = change[key].source.slice(1, 3)
      found.set(start, [...(found.get(start) ?? []), { ...change, isOver }])
    }
  }
  return found
}

const byOld = index('was')
const byPresent = index('is')

/**
 * The number as its plan has it now: `+5215512345678` is `+525512345678`; undefined where the plan has not changed it.
 * `isAssigned` tells of a number that was given out anew in what looks like the old form.
 */
export function renumbered(e164: string, isAssigned: (e164: string) => boolean): string | undefined {
  const digits = e164.slice(1)
  const change = byOld.get(digits.slice(0, 2))?.find(({ was }) => was.test(digits))
  if (change === undefined || (!change.isOver && isAssigned(e164))) return undefined
  return `+${digits.replace(change.was, change.now)}`
}

/** How a number was written before its plan was changed. */
export function formerly(e164: string, isAssigned: (e164: string) => boolean): string[] {
  const digits = e164.slice(1)
  const changes = byPresent.get(digits.slice(0, 2))?.filter(({ is }) => is.test(digits)) ?? []
  const olds = changes.map(({ is, then }) => `+${digits.replace(is, then)}`)
  return [...new Set(olds)].filter((old) => renumbered(old, isAssigned) === e164)
}

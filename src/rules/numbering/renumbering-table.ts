// Numbers that a plan outside Africa has since changed. PURE.
import { type Renumbering, beginnings, eachDigit, insert } from './renumbering-change'

// Metro Manila: which digit was put before a number of seven says whose it was. The longest beginning counts; 8 is PLDT's.
const manila = {
  7: '21 225 238 239 261 263 264 265 266 358 368 369 473 482 50 576 577 585 586 587 61 621 622 623 624 625 717 718 719 720 728 729 730 738 739 744 745 746 747 748 75 791 792 793 794 795 796 797 798 799 90 910 914 915 916 917 918 919 933 934 940 943 944 945 946 949 950 954 955 956 957 958 959 960 964 966 968 97 980 987 989',
  3: '220 221 222 223 224 226 227 228 262 377 378 379 38 390 391 392 393 394 406 407 408 409 41 43 49 427 428 440 443 444 445 446 447 448 449 450 453 454 455 456 466 467 468 469 474',
  6: '76'
}

// Area codes of three digits.
const argentina =
  '220 221 223 230 236 237 249 260 261 263 264 266 280 291 294 297 298 299 336 341 342 343 345 348 351 353 358 362 364 370 376 379 380 381 383 385 387 388'

export const renumberingsElsewhere: readonly Renumbering[] = [
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
    changes: insert(10, eachDigit('57', '1245678'), '60', 2)
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
      ...insert(10, eachDigit('632', '2345678') + ' 6329', '8', 3)
    ]
  },
  {
    source: 'Saudi Arabia, 2013 (CITC): a 1 before the area codes of fixed lines',
    changes: insert(11, eachDigit('966', '123467'), '1', 3)
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
      ...insert(10, eachDigit('562', '2345678'), '2', 3),
      ...insert(
        10,
        [
          eachDigit('563', '2345'),
          eachDigit('564', '1235'),
          eachDigit('565', '123578'),
          eachDigit('566', '13457'),
          eachDigit('567', '1235')
        ].join(' '),
        '2',
        4
      )
    ]
  },
  {
    source: 'Ecuador, 30 September 2012 (CONATEL): a 9 before mobile numbers',
    changes: insert(11, eachDigit('593', '89'), '9', 3)
  },
  {
    source: 'French Polynesia, 23 June 2014 (OPT): 40 before fixed, 87 before mobile numbers',
    changes: [...insert(9, eachDigit('689', '45689'), '40', 3), ...insert(9, eachDigit('689', '237'), '87', 3)]
  },
  {
    source:
      'Honduras, 25 February 2007 and 14 November 2010 (CONATEL): a 2 before fixed, a 3 or 9 before mobile numbers',
    changes: [...insert(10, eachDigit('504', '24567'), '2', 3), ...beginnings(10, '5043~50433 5049~50499')]
  },
  {
    source: 'El Salvador, 14 May 2005 (SIGET): a 2 before fixed, a 7 before mobile numbers',
    changes: [...insert(10, eachDigit('503', '23456'), '2', 3), ...insert(10, eachDigit('503', '789'), '7', 3)]
  },
  {
    source: 'Nicaragua, 22 April 2009 (TELCOR): a 2 before fixed, an 8 before mobile numbers',
    changes: [...insert(10, eachDigit('505', '2357'), '2', 3), ...insert(10, eachDigit('505', '4689'), '8', 3)]
  },
  {
    source: 'Georgia, 2011 (GNCC): a 5 before mobile numbers, a 2 after the 32 of Tbilisi',
    changes: [
      ...insert(
        11,
        `${eachDigit('9955', '578')} 99568 ${eachDigit('9957', '1479')} ${eachDigit('9959', '12356789')}`,
        '5',
        3
      ),
      ...insert(11, '99532', '2', 5)
    ]
  },
  {
    source: 'Russia, 2005 (Ministry of Information Technologies): area codes begin with 4 in place of 0',
    changes: beginnings(11, '70~74')
  },
  {
    // Fixed numbers are left out: in the old form, without a plus, they look like Pakistan's mobiles.
    source: 'Greece, 2002 (EETT): a 6 before mobile numbers',
    changes: insert(11, eachDigit('309', '3479'), '6', 2)
  },
  {
    // Never a plan: 9 is the mark in the international form, 15 in the national one, and address books have both.
    source: 'Argentina, ENACOM: the 15 of mobile numbers has no place after the 9',
    changes: beginnings(
      15,
      `5491115~54911 ${argentina
        .split(' ')
        .map((area) => `549${area}15~549${area}`)
        .join(' ')}`
    )
  },
  {
    source: 'Kuwait, 17 October 2008 (MOC): a 2 before fixed, a 6 or 9 before mobile numbers',
    changes: beginnings(10, '9652~96522 9653~96523 9654~96524 9655~96525 9656~96566 9659~96599')
  },
  {
    source: 'Thailand, 1 September 2006 (NTC): an 8 before mobile numbers',
    changes: insert(10, eachDigit('66', '169'), '8', 2)
  },
  {
    source: 'Qatar, 28 July 2010 (ictQATAR): the first digit was doubled',
    changes: beginnings(10, '9743~97433 9744~97444 9745~97455 9746~97466 9747~97477')
  },
  {
    source: 'Costa Rica, 20 March 2008 (ICE): a 2 before fixed, an 8 before mobile numbers',
    changes: [...insert(10, eachDigit('506', '24567'), '2', 3), ...insert(10, eachDigit('506', '38'), '8', 3)]
  },
  {
    source: 'Switzerland, 31 March 2007 (BAKOM): 44 in place of area code 1',
    changes: beginnings(10, '411~4144')
  }
]

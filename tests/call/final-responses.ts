// What an attempt comes to by each final response of SIP, for the tests of the table and of a real Asterisk.

/** Final responses by what they say, from the sections of RFC 3261 and of the RFCs after it that define them. */
export const said = {
  declined: [603, 607],
  busy: [486, 600],
  unavailable: [480],
  unreachable: [408, 430, 502, 504],
  congestion: [500, 503],
  'wrong-number': [404, 410, 484, 485, 604],
  failed: [
    ...[300, 301, 302, 305, 380],
    ...[400, 401, 402, 403, 405, 406, 407, 412, 413, 414, 415, 416, 417, 420, 421, 422, 423, 424, 425, 428, 429, 433],
    ...[436, 437, 438, 439, 440, 469, 470, 481, 482, 483, 487, 488, 489, 491, 493, 494],
    ...[501, 505, 513, 555, 580, 606, 608]
  ]
} as const

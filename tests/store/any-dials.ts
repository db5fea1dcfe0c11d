// What random rows dial.

/** A number whose good rules must go on working beside random ones. */
export const mixed = '+442071838001'

/** Targets, and what tries to be more than one. */
export const dials = [
  ...[
    'PJSIP/alice',
    'PJSIP/bob',
    '+442071838750',
    '+33123456789',
    'PJSIP/00449098790000@trunk',
    'number:+14155550100',
    'number:+442071838003',
    'number:+15005550006',
    mixed
  ],
  ...[
    'PJSIP/alice&PJSIP/bob',
    'PJSIP/alice\0&Local/x@y',
    'Local/x@y',
    'LOCAL/x',
    'PJSIP/a,b',
    'PJSIP/alice\n',
    'X/',
    'SIP/a@b/c*#'
  ],
  ...[
    'DAHDI/g0/123',
    'PJSIP/',
    'PJSIP/a/b',
    'number:+1',
    'number:',
    '+1',
    '+12',
    `PJSIP/${'a'.repeat(200)}`,
    'Dongle/x/1',
    'SIP/a@b@c'
  ]
] as const

// The caller of the cases.
export const incoming = {
  aLeg: '1700000000.1',
  number: '+14155550100',
  caller: { number: '+15005550006', name: 'Ann' }
}

-- Which numbers the site is willing to call. Where no row speaks: the countries of its own virtual numbers, and no premium-rate,
-- shared-cost, personal or satellite number. Emergency and service numbers are refused whatever stands here.
CREATE TABLE dial_policy (
  -- What the numbers begin with, in international form: +44, +4490; + is every number. The longest prefix that fits decides.
  prefix TEXT PRIMARY KEY
    CONSTRAINT "dial_policy.prefix must be + and the digits that the numbers begin with, such as +44" CHECK (
      prefix GLOB '+*' AND substr(prefix, 2) NOT GLOB '*[^0-9]*' AND prefix NOT GLOB '+0*' AND length(prefix) <= 16),
  -- 'allow' or 'deny'. To allow numbers that cost more, the prefix must go beyond the country code: +44 allows Britain, +4490 its
  -- premium-rate numbers as well.
  verdict TEXT NOT NULL
    CONSTRAINT "dial_policy.verdict must be allow or deny" CHECK (verdict IN ('allow', 'deny')),
  -- Why, for people; null: nobody has said.
  note TEXT
) STRICT, WITHOUT ROWID;

-- Every form in which a carrier may dial a virtual number. Asterisk's dialplan looks them up while followme is down.

-- followme writes these rows when a virtual number is added. They depend on the number alone, so a change of the rules changes
-- nothing here. If you empty this table, followme fills it again.
CREATE TABLE dialled_forms (
  -- What the carrier dials, with a plus before it: '+4155550100' (ten digits, North America), '+02071838750' (national).
  form TEXT NOT NULL,
  -- The virtual number it stands for. Not a foreign key: followme removes the rows of numbers that no longer exist.
  number TEXT NOT NULL,
  PRIMARY KEY (form, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX dialled_forms_number ON dialled_forms (number);

-- What the dialplan looks up, without the forms that could mean two virtual numbers.
CREATE VIEW dialled_numbers AS
SELECT form, number FROM dialled_forms AS this JOIN virtual_numbers USING (number)
WHERE NOT EXISTS (
  SELECT 1 FROM dialled_forms AS other JOIN virtual_numbers USING (number)
  WHERE other.form = this.form AND other.number <> this.number);

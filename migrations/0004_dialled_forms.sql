-- The numbers as carriers may dial them, for Asterisk's dialplan to look up while followme, which reads them, is not there.

-- Written by followme, once for each virtual number: from the number alone, so that nothing changes here with the rules.
-- Where this table is emptied, followme writes it anew.
CREATE TABLE dialled_forms (
  -- What is dialled, as the dialplan passes it on, with a plus: '+4155550100', ten digits of North America; '+02071838750'.
  form TEXT NOT NULL,
  -- The virtual number that is meant. Not a foreign key: followme removes what is too much here.
  number TEXT NOT NULL,
  PRIMARY KEY (form, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX dialled_forms_number ON dialled_forms (number);

-- What the dialplan looks up. A form that two virtual numbers may mean is none of them's.
CREATE VIEW dialled_numbers AS
SELECT form, number FROM dialled_forms AS this JOIN virtual_numbers USING (number)
WHERE NOT EXISTS (
  SELECT 1 FROM dialled_forms AS other JOIN virtual_numbers USING (number)
  WHERE other.form = this.form AND other.number <> this.number);

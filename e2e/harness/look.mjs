// Looking at a page as a whole: whether it can be used by everybody and fits,
// and a note that it was looked at.
import { appendFileSync } from 'node:fs'
import { accessible, fitsWidth } from './accessibility.mjs'
import { widths } from './browser.mjs'
import { picture } from './picture.mjs'

// look fails where axe has something against the page as it stands, or where it
// has to be scrolled sideways. The picture is for people who asked for pictures.
export async function look(visitor, name) {
  if (process.env.E2E_SHOTS) await picture(visitor, name)
  await accessible(visitor)
  await fitsWidth(visitor)
  note(visitor)
}

// note leaves a line about the page in the file that E2E_LOOKED names, for
// looked.mjs to read when all journeys are over.
function note({ shown, variant }) {
  if (!process.env.E2E_LOOKED) return
  appendFileSync(process.env.E2E_LOOKED, `${JSON.stringify({ ...shown(), width: widths[variant.width] })}\n`)
}

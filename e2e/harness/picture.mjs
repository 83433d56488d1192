// Pictures of pages, to be looked at: in the folder that E2E_SHOTS names, or
// in a temporary one.
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

let folder

// picture saves the whole page as NAME-VARIANT.png and tells where.
export async function picture({ page, variant }, name) {
  folder ??= await pictureFolder()
  const file = path.join(folder, `${name}-${variant.name}.png`)
  await page.screenshot({ path: file, fullPage: true })
  return file
}

async function pictureFolder() {
  if (!process.env.E2E_SHOTS) return mkdtemp(path.join(tmpdir(), 'hearth-shots-'))
  await mkdir(process.env.E2E_SHOTS, { recursive: true })
  return process.env.E2E_SHOTS
}

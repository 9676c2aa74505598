import { ask, composer, el, live, paintAvatar, sync } from './dom.js'
import { currentResident, keepResident, residentNamed, suggestions } from './people.js'
import { ago, fullTime } from './time.js'

const byId = (id) => document.getElementById(id)
const wanted = new URLSearchParams(location.search).get('pageId')
const pageId = wanted ?? (await ask('pages'))[0]?.id ?? ''
let me = currentResident()
let firstDraw = true
let lastWall = null

const nameBox = byId('resident-name')
byId('residents').append(...suggestions.map((name) => el('option', { value: name })))
nameBox.value = me.name
nameBox.addEventListener('focus', () => nameBox.select())
nameBox.addEventListener('change', () => {
  const name = nameBox.value.trim().replace(/\s+/gu, ' ')
  if (name !== '') {
    me = residentNamed(name)
    keepResident(name)
  }
  nameBox.value = me.name
  showMe()
  if (lastWall) draw(lastWall)
})
showMe()
composer(byId('visitor-form'), (text) => ask('visitorPost', { pageId, author: author(), text }))
live(pageId, async () => draw(await ask(`wall?pageId=${encodeURIComponent(pageId)}`)))
setInterval(() => lastWall && draw(lastWall), 30_000)

function draw(wall) {
  lastWall = wall
  document.title = `${wall.page.name} | Facebook (mô phỏng)`
  byId('page-name').textContent = wall.page.name
  byId('page-avatar').textContent = '★'
  byId('empty').hidden = wall.posts.length > 0
  sync(byId('posts'), wall.posts, createPost, updatePost)
  firstDraw = false
}

function createPost(post) {
  const form = composerForm('comment-box', 'comment-send', 'Viết bình luận…')
  composer(form, (text) => writeComment(post.id, text))
  return el(
    'article',
    { className: 'card post', 'data-testid': 'post' },
    el(
      'header',
      { className: 'post-head' },
      avatarOf(post),
      el('div', {}, nameLine(post, false), el('span', { className: 'muted time' })),
    ),
    el('p', { className: 'post-text' }),
    ...(post.kind === 'photo' ? [photo(post.photoUrl)] : []),
    el('div', { className: 'counts muted' }),
    el(
      'div',
      { className: 'post-actions', ariaHidden: 'true' },
      el('span', {}, 'Thích'),
      el('span', {}, 'Bình luận'),
      el('span', {}, 'Chia sẻ'),
    ),
    el('div', { className: 'comments' }),
    form,
  )
}

function updatePost(node, post) {
  node.querySelector('.post-text').textContent = post.text
  setTime(node.querySelector('.post-head .time'), post.at, ' · Công khai')
  const total = post.comments.reduce((sum, comment) => sum + 1 + comment.replies.length, 0)
  node.querySelector('.counts').textContent = total > 0 ? `${total} bình luận` : ''
  sync(node.querySelector('.comments'), post.comments, (item) => createComment(post, item, 'comment'), updateComment)
}

function createComment(post, comment, testId) {
  const root = testId === 'comment'
  const node = el(
    'div',
    { className: `comment ${firstDraw ? '' : 'fresh'}`, 'data-testid': testId, 'data-author': comment.author.name },
    avatarOf(comment),
    el(
      'div',
      { className: 'comment-main' },
      el('div', { className: 'bubble' }, nameLine(comment, true), el('p', { className: 'comment-text' })),
      ...(comment.photoUrl ? [photo(comment.photoUrl)] : []),
      el(
        'div',
        { className: 'comment-actions' },
        el('span', { className: 'time' }),
        el('span', {}, 'Thích'),
        ...actions(),
      ),
      ...(root ? [el('div', { className: 'replies' })] : []),
    ),
  )
  if (comment.isPage && !firstDraw) byId('announce').textContent = `${comment.author.name}: ${comment.text}`
  return node

  function actions() {
    const answer = el('button', { type: 'button', className: 'link', 'data-testid': 'reply-open' }, 'Phản hồi')
    answer.addEventListener('click', () => openReply(post, node, comment, root))
    const edit = el('button', { type: 'button', className: 'link own', 'data-testid': 'comment-edit' }, 'Chỉnh sửa')
    edit.addEventListener('click', () => openEdit(node, comment.id))
    const remove = el('button', { type: 'button', className: 'link own', 'data-testid': 'comment-remove' }, 'Xóa')
    remove.addEventListener('click', () => ask('removeComment', { commentId: comment.id }))
    return [answer, edit, remove]
  }
}

function updateComment(node, comment) {
  node.querySelector('.comment-text').textContent = comment.text
  setTime(node.querySelector('.comment-actions .time'), comment.at, comment.edited ? ' · Đã chỉnh sửa' : '')
  for (const own of node.querySelector('.comment-actions').querySelectorAll('.own'))
    own.hidden = comment.author.id !== me.id
  const replies = node.querySelector('.replies')
  if (!replies) return
  const post = { id: node.closest('.post')?.dataset.id }
  sync(replies, comment.replies, (item) => createComment(post, item, 'reply'), updateComment)
}

function openReply(post, node, comment, root) {
  const main = root ? node.querySelector('.comment-main') : node.closest('.comment-main')
  let form = main.querySelector(':scope > form')
  if (!form) {
    form = composerForm('reply-box', 'reply-send', '')
    composer(form, (text) => writeComment(post.id, text, form.dataset.to).then(() => form.remove()))
    main.append(form)
  }
  form.dataset.to = comment.id
  const box = form.querySelector('textarea')
  box.placeholder = `Phản hồi ${comment.author.name}…`
  box.focus()
}

function openEdit(node, commentId) {
  const bubble = node.querySelector('.bubble')
  const form = composerForm('edit-box', 'edit-send', 'Sửa bình luận…')
  const box = composer(form, (text) => ask('editComment', { commentId, text }).then(close))
  const close = () => {
    form.remove()
    bubble.hidden = false
  }
  box.addEventListener('keydown', (event) => event.key === 'Escape' && close())
  box.value = node.querySelector('.comment-text').textContent
  bubble.hidden = true
  bubble.after(form)
  box.dispatchEvent(new Event('input'))
  box.focus()
}

async function writeComment(postId, text, parentCommentId) {
  // One person has two numbers; linking them lets a private reply land in the Messenger page of the same name.
  await ask('linkIdentity', { pageId, authorId: me.id, psid: me.psid })
  await ask('comment', { pageId, postId, author: author(), text, ...(parentCommentId ? { parentCommentId } : {}) })
}

function composerForm(boxId, sendId, placeholder) {
  const mine = el('span', { className: 'avatar small', 'data-me': '', ariaHidden: 'true' })
  paintAvatar(mine, me.name)
  return el(
    'form',
    { className: 'composer' },
    mine,
    el('textarea', { rows: 1, placeholder, ariaLabel: placeholder || 'Phản hồi', 'data-testid': boxId }),
    el('button', { className: 'send', type: 'submit', ariaLabel: 'Gửi', 'data-testid': sendId, disabled: true }),
  )
}

function nameLine(item, badge) {
  const line = el('div', { className: 'name' }, el('strong', {}, item.author.name))
  if (item.isPage) line.append(el('span', { className: 'tick', title: 'Trang đã xác minh' }))
  if (item.isPage && badge) line.append(el('span', { className: 'badge' }, 'Tác giả'))
  return line
}

function avatarOf(item) {
  const node = el('span', { className: `avatar ${item.isPage ? 'page' : ''}`, ariaHidden: 'true' })
  if (item.isPage) node.textContent = '★'
  else paintAvatar(node, item.author.name)
  return node
}

function photo(url) {
  const image = el('img', { className: 'photo', alt: 'Ảnh đính kèm', loading: 'lazy' })
  image.addEventListener('error', () => image.replaceWith(el('div', { className: 'photo none' }, 'Ảnh')))
  if (url) image.src = url
  return url ? image : el('div', { className: 'photo none' }, 'Ảnh')
}

function setTime(node, at, suffix) {
  node.textContent = ago(at) + suffix
  node.title = fullTime(at)
}

function author() {
  return { id: me.id, name: me.name }
}

function showMe() {
  for (const node of document.querySelectorAll('[data-me]')) paintAvatar(node, me.name)
  const query = new URLSearchParams({ pageId, psid: me.psid, name: me.name })
  byId('to-messenger').href = `messenger?${query}`
}

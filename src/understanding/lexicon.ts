/**
 * Phrases that speak for a reading, matched as whole words (words.ts): written without diacritics where every way to
 * write them means the same, with diacritics where only one of them does. Cautious by design: what looks like an
 * accusation is kept from the public until a person has seen it, and what sounds like danger is shown to one at once.
 */
export const lexicon = {
  asks: phrases(`
    duoc chua, hay phai, ở xã mô, noi mo, can ca, do dau, cai nao, bao ai, hoi ai, xin ai, ky o dau, cho hoi,
    xin hoi, cho em hoi, cho toi hoi, cho minh hoi, muon hoi, hoi ve, hoi xiu, hoi chut, hoi thu tuc, hoi them,
    xin tu van, cho biet, ai biet, xin huong dan, chua hieu, khong hieu, lam the nao, the nao, nhu the nao, lam sao,
    ra sao, bang cach nao, kieu chi, kieu gi, la sao, bao gio, khi nao, luc nao, may gio, ngay nao, thu may,
    bao lau, khi mo, chung mo, den bao gio, ở đâu, o mo, nop o, gap ai, lien he ai, nơi nào, cho nao, chỗ mô,
    đi đâu, bao nhieu, may tien, het may, mấy triệu, muc mo, muc nao, gia bao, chi phi, can giay to gi, giay to gi,
    can nhung gi, can gi, gom nhung gi, nhung gi, giay to nao, mau nao, thu tuc, lịch, huong dan giup,
    huong dan cho, huong dan em, duoc huong, du dieu kien, che do, den dau roi, toi dau roi, co ket qua,
    co duoc khong, duoc khong, co duoc, co can, phai khong, co phai, co bi phat, hay là phải, can may, cần mấy,
    ngày mấy, tháng mấy, đóng mấy, đơn vị nào, ai lo, co nhan lam, đăng ký chỗ, vi sao, tai sao, rang rua, vi răng,
    hay ban chinh, ban sao hay, muốn xin giấy, xin giay xac nhan
  `),
  /** Last words of a question that asks without any of the above; polite words behind them are skipped. */
  endings: phrases(`
    khong, ko, kg, hok, chua, nao, gi, dau, sao, ai, mô, rứa, nhiêu, mấy, hè
  `),
  politeness: phrases(`
    a, ạ, ad, admin, nhi, nhỉ, vay, the, oi, cac, bac, anh, chi, em, xa, nha, he
  `),
  reports: phrases(`
    tối om, nuoc thai, mất tiếng, bo hoang, gãy tay vịn, het cho, bat mang, phong nhanh, vuong vao, treo long thong,
    nên lập, nên làm, nên mở, xa nen, dan khong biet, sợ lắm, nguoi la, hang gia, hàng nhái, ban rong, phan anh,
    de nghi, kien nghi, de xuat, bao cao, mong xa, mong cap tren, mong cac cap, nên có, yeu cau, can sua, som sua,
    xem xet, kiem tra lai, xu ly giup, bao gio moi, chua thay, van chua, hỏng, bi hong, hu hong, hư rồi, bị hư,
    xuong cap, ổ gà, ổ voi, nứt, dột, mục, gãy, sập, ngập, tắc, tac cong, nghẽn, sat lo, trơn, lầy, lầy lội,
    do dang, bỏ dở, chậm tiến độ, rác, o nhiem, boc mui, mui hoi, hoi thoi, bụi, xa thai, ca chet, den ngom, đục,
    nuoc ban, mat dien, mat nuoc, cup dien, cat dien, mat song, dien yeu, qua tai, chap chon, song yeu, den duong,
    on ao, karaoke, tha rong, bò thả, trâu thả, via he, lấn, lan chiem, roi vai, nguy hiem, tai nan, xe nga,
    qua toc do, quay roi, dịch bệnh, dich ta, rầy, sâu bệnh, chuột phá, khong co nuoc, khong co dien, khong co cau,
    khong co song, khong co duong, khong co cho, khong duoc, nhieu qua, khổ lắm, khổ quá, nong qua, yếu,
    chưa có đường, thieu nuoc, chua co den, chua co dien, lâu quá, to quá, cao quá, chậm quá, bẩn quá, ồn quá,
    tối quá, hôi quá, xa quá, chật quá, qua so nguoi, khói, bùn, lún, sụt, um tum, che khuat, hư, lâu không,
    ach tac, nhiễm phèn, nhiem man, chuột, muỗi, cần gắn, cần lắp, can co, can them, xin cap, xin sửa, mong co,
    mong duoc, nho xa, chưa ai, khong ai, chua xong, hết thuốc, khô hạn, thieu, suot ngay, ca ngay, lien tuc,
    thang lien, tuan lien, bi chiem cho, trượt, sợ gãy, mất mấy, mất 2, mất 3, mất 4, mất cả ngày, hang may thang,
    may thang ni, lau nay, het roi
  `),
  /** Thanks, praise, sympathy, tags and small talk. */
  pleasantries: phrases(`
    nhìn mà, thèm quá, ai nhớ, đoàn kết, quê tôi đó, troi mat, cam on, cám ơn, biet on, chuc mung, kinh chuc, chúc,
    tuyet voi, hoan ho, chia buon, phan uu, ung ho, like, hay qua, dep qua, đẹp ghê, đẹp thật, tu hao, vui quá,
    vui ghê, nhớ quê, nho que, bình an, tuyet cu meo, chia se bai, xin phep, ý nghĩa, ngủ ngon, đã xem, còn trẻ,
    duyet bai, bai viet hay, theo doi, hihi, haha, hehe, hóng, ké hóng, chấm, vao day xem, vao xem, vô coi,
    ve nha an com, than kinh, qua dinh, so 1, xin via, thuong qua, yeu qua, manh khoe, hanh phuc, thanh kinh,
    vinh biet
  `),
  advertisements: phrases(`
    ib, ib em, inbox, inbox em, giam gia, gia re, gia tot, shop, freeship, khong the chap, vay nhanh,
    vay tien nhanh, tuyen nhan vien, tuyen ctv, cong tac vien, chot don, hang ve, dat nen, xo so, soi cau
  `),
  /** Somebody calls for help, or a danger is under way: whatever else the text says. */
  cries: phrases(`
    cuu voi, cuu toi, cuu em, cứu giúp, keu cuu, cuu giup, cuu hoa giup, cuu mang, đang cháy, cháy rồi, cháy lớn,
    cháy to, bốc cháy, dang boc khoi, khói mù mịt, cháy lan, cháy nhà em, mac ket, ket ben trong, ket trong,
    con o trong, con trong do, chua ra duoc, bi vui, vui lap, sạt lở vùi, ngap toi mai, ngap nua mai, ngap den mai,
    ngap mai, dang ngap, nuoc dang len, nuoc len nhanh, lu len nhanh, nuoc vo nha, nuoc vao nha roi,
    nuoc tran vao nha, bi nuoc cuon, bi lu cuon, cuon troi, bi cuon, nuoc cuon, het gao roi, can so tan, can cuu,
    cần xuồng, cần thuyền, có thuyền không, gọi 115, goi cap cuu, chua co xe cap cuu, bat tinh, ngat xiu, dot quy,
    đau tim, co giật, kho tho, dang chay mau, nguy kich, chuyen da, sắp sinh mà, cam dao, chem nguoi, đâm người,
    cam sung, giet nguoi, bắt cóc, bat coc, đang đánh, cướp, hiep dam, dinh nhay cau, nhảy cầu, tu tu, muốn chết,
    so vo, sắp vỡ, vo dap, vỡ đê, so no, sắp nổ, ro ri ga, ga ro ri, day dien dut, dut day dien, dây điện rơi,
    dien dut roi, sap do, sắp sập, nguy hiem tinh mang, kip nua
  `),
  /** What hurts people, ... */
  hazards: phrases(`
    cháy, nổ, ngập, lũ, lụt, sạt, lở, sập, đổ, vỡ, chìm, lật, cuốn, tốc mái, tốc hết mái, nứt toác, đá lăn,
    nước lên, nước sông lên, nước dâng, bỏng, ngất, ngộ độc, thoi thop, chảy máu, gãy chân, gãy cổ, dap pha,
    dọa giết, treo co, rơi xuống giếng, rơi xuống, rơi xuống sông, đổ đè, đè trúng, cạy cửa, trộm, cướp, đánh đập,
    truy sat, chém, bi ran, rắn hổ, cắn, xăng, khi gas, dây điện, rò điện, hở điện, mất liên lạc, len con, sốt cao,
    khó thở
  `),
  /** ... while it hurts them. */
  now: phrases(`
    gap, ngay bay gio, bay gio, đang, dem nay, toi nay, lenh lang, giup voi, goi giup, ai o gan, xin nguoi, lam on,
    co nguoi, nhieu nguoi, may nguoi, trung nguoi, chau nho, nguoi gia, tre con, co chau, be trai, be gai, em be,
    ca nha, chua thay, khong thay dau, khong biet tru, khong con gi an, huyet thanh, hết cách, voi bà con, ơi cứu,
    con toi, bo toi, me toi
  `),
  /** What has happened to a body, ... */
  harms: phrases(`
    ngã xuống, rơi xuống, rớt xuống, đổ trúng, đổ đè, sập đè, đè trúng, bị đè, kẹt, con ben trong, ben trong con,
    trôi ngoài, trong đó, chìm, nuốt phải, hóc, tím, máu, gục, bỏng, vùi, đuối, chưa vớt, khong ve, cầm búa,
    cầm gậy, cầm dao, duoi theo, đuổi chém, ném đá, con do, côn đồ, bat tinh, ngất, con co dien, còn điện, lu vay,
    mac ket, dang ket, không thở, khong tho, bị bắn, bị đâm, bị đánh, bị cắn, bị húc, bị tông, bị xe, tự thiêu,
    nhảy lầu, nhảy sông, ngộ độc, sốc, hấp hối
  `),
  /** ... and whose. */
  victims: phrases(`
    người, nguoi, học sinh, hoc sinh, cong nhan, vo chong, vợ, chồng, bố, mẹ, ông ngoại, bà ngoại, ông nội, bà nội,
    cụ, cháu, bé, trẻ, em nho, con toi, con em, em toi, anh toi, ba toi, me toi, chi toi, nhà tôi, nha toi,
    chủ trâu, chu trau, hàng xóm, đường
  `),
  /** A danger, unless the text speaks of the past, of a drill or of a lesson. */
  dangers: phrases(`
    cứu người, cứu nhà, trôi ngoài khơi, trôi xuống, phì lửa, xì lửa, vác rựa, vác dao, đứt tay, đứt ngón, đứt mấy ngón, co quắp,
    muon chet, ket thuc tat ca, cuu ho, cuu nan, goi xe cuu, máu, nam guc, gục, hon me, ngung tho, tím tái,
    kiet suc, hap hoi, nguy cap, khong dong day, khong tinh, nhoi mau, tai bien, vỡ ối, bang huyet, de roi,
    soc phan ve, ngã giàn giáo, ngã cây, ngã mương, ngã giếng, bị gãy tay, gãy chân, gãy cổ, uong nham, thuốc sâu,
    thuoc chuot, thuoc tru co, thuốc diệt cỏ, khong thay dau, khong thay ve, khong lien lac duoc, mat lien lac,
    lac rung, lạc đường, bo nha di, chua thay ve, nuoc toi co, tới cổ, ngang co, toi nguc, ngang nguc, tới bụng,
    lút nhà, lut mai, nuoc xiet, tren mai nha, leo len mai, ngập vào, het luong thuc, het nuoc uong, dat da,
    nui nut, doi nut, núi lở, lo xuong, gió giật, loc xoay, bom bi, mìn, luu dan, vat lieu no, xi hoi, xì gas,
    khí độc, khi ga, hoa chat tran, chap dien, phong hoa, danh ghen, hon chien, mã tấu, cầm gậy, cam rua, xam hai,
    khong che, con tin, dọa giết, đòi giết, vua co tai nan, tong nhau, đâm nhau, co tau, đường ray, tàu hỏa,
    chó dại, ong đốt, trâu điên, cap cuu, cháy nhà, cháy rừng, cháy chợ, cháy xe, duoi nuoc, sap nha, nhà sập,
    lở núi, lu quet, lu ong, mat tich, di lac, dien giat, điện rò, bi co lap, bi chia cat, ngo doc, bi thuong,
    thuong vong, tai nan nghiem trong, tai nan chet nguoi, khan cap, xe lat, lật xe, xe khách lật, lat thuyen,
    chìm thuyền, chìm đò, cho dai can, chó cắn, rắn cắn, danh nhau, chém nhau, no binh ga, dap no, ro ri,
    sot cao co giat, vỡ đập
  `),
  calm: phrases(`
    mấy lần, nhieu lan, thuong xuyen, lau nay, nhieu nam, hien mau, moi khi, cứ mưa là, nam ngoai, nam truoc,
    nam kia, nam xua, hoi truoc, hoi nam, thang truoc, tuan truoc, lan truoc, ngay xua, truoc day, da qua, sau lu,
    sau bao, trận lũ trước, dot lu vua roi, dot lu nam, chien tranh, chien dau, dien tap, sơ cấp cứu,
    lop so cap cuu, so dien thoai, tap huan, phong chay, phong chong, phong tranh, tuyen truyen, lop hoc, day boi,
    hoc boi, bao hiem, cháy hàng, thuong binh, ti le thuong tat, ty le thuong tat, ho tro
  `),
  /** khiếu nại, tố cáo, and wrongs that are told of somebody even where nobody is named. */
  accuses: phrases(`
    quyet dinh giao dat, sàm sỡ, hut chich, danh sach ma, chi phat, rut tien, dem ban, xe co quan, tự ý rào, tố cáo,
    tố giác, khieu nai, don kien, khởi kiện, khieu kien, kien len, keu oan, oan uc, bị oan, phạt oan, tham nhung,
    tham ô, hối lộ, nhan hoi lo, dut lot, lot tay, chung chi, phong bi, boi tron, rut ruot, bien thu, an chan,
    ăn bớt, an bot, ăn tiền, bot xen, vo vet, vơ tiền, bo tui, tui rieng, tieu rieng, chia chac, xa xeo,
    vi pham phap luat, trai phap luat, trái luật, lua dao, lừa tiền, lua dan, om tien, bo tron, quyt no, lạm dụng,
    bảo kê, bao che, nhung nhieu, loi dung chuc vu, lam quyen, long quyen, chay chuc, chay viec, tư túng, vu khong,
    cap dat trai, lap khong, khai khong, ky khong, khai gian, làm giả, gia mao, khong bien lai, thu sai,
    thu tien trai, trai quy dinh, sai quy dinh, sai pham, chiếm đất, cuop dat, cướp đất, danh nguoi, danh dap,
    hanh hung, bao hanh, không đồng ý với quyết định, quyet dinh sai, quyet dinh thu hoi, quyet dinh xu phat,
    quyet dinh cuong che, xem lai quyet dinh, quyết định không đúng, cuong che, khong boi thuong, khong den bu,
    den bu khong, boi thuong khong, khong thoa dang, an chia, tự ý bán, tu y ban, tiep tay, chia nhau tien, hai so,
    bang gia, khong cong khai, chay toi, phan doi, hiếp, chồng lên đất, chong len dat, nhận quà, nhan qua roi,
    đo đất lệch, nhốt trẻ, cat tro cap, bi cat, khong ra thong bao, sai dien tich, xu ly khong dung, ai cap phep,
    ai cho phep, ma tuy, đánh bạc, danh bac, sòng bạc, nang lai, tin dung den
  `),
  /** What an office decides about people, ... */
  decisions: phrases(`
    den bu, boi thuong, tai dinh cu, thu hoi dat, thu dat, quyet dinh, biên bản, giai toa, giai phong mat bang,
    sổ đỏ, cap so, tro cap, ho ngheo, can ngheo, danh sach, xu phat, bị phạt, chinh sach, cuu tro, thua dat,
    ranh gioi
  `),
  /** ... and how people contest it. */
  objections: phrases(`
    tinh thieu, thieu cho, sai su that, sai doi tuong, là sai, tinh sai, làm sai, khong dung, huy bo, đề nghị hủy,
    de nghi huy, khong cong bang, phan doi, khong dong y, khong chap nhan, rẻ mạt, bat cong, oan, vo ly, phi ly,
    khong giai quyet, keu mai, không có tên, khong co ten, bi gach, bi loai, nha giau, nhà giàu, dang le, đáng lẽ,
    chong len, mat quyen loi, thiet thoi
  `),
  /** Offices, titles and forms of address: together with a bad word they point at somebody. */
  offices: phrases(`
    chu tich, bi thu, truong thon, thon truong, xom truong, truong xom, truong ban, truong phong, pho phong, can bo,
    cong chuc, cong an, dia chinh, tu phap, lanh dao, hieu truong, hieu pho, giam doc, hoi truong, ke toan, thu quy,
    bac si, y ta, dieu duong, thay giao, co giao, chu tho, nhà thầu, dai bieu, quan xa, ông, bà, thầy, cô giáo, anh,
    chị, chú, bác, thằng, con mụ, lão, mụ, hộ ông, hộ bà, trên xã
  `),
  blames: phrases(`
    quan lieu, vo trach nhiem, thai do, hach sach, gay kho de, gay kho khan, khong chiu, hanh dan, lam sai,
    doi tien, đòi quà, vong tien, nhận tiền, lay tien, bat dan dua, bat dan nop, bắt nộp, bắt đóng, bắt phụ huynh,
    thu tien cua, an het, ăn hết tiền, lấy xe, lay dat, lan dat, lan chiem, lấn ra, xay nha tren dat, xây trái,
    xay trai, thien vi, uu ai, bat cong, khong cong bang, nguoi nha, em ruot, anh em vao, họ hàng, nguoi quen,
    than quen, con cháu, lam ngo, khong xu ly, biet ma khong, không giải quyết, gach ten, cắt tên, giu ho so,
    om ho so, ngam ho so, khong hop dan, khong dau gia, được cấp đất, thi truot, duoc nhan vao, hoc them moi,
    ép học thêm, bắt học thêm, chia đất, an trom, ăn cắp, đánh con, đánh học sinh, đánh dân, đánh tôi, đánh em,
    đánh cháu, tat hoc sinh, chửi, xuc pham, de doa, dọa, uong ruou, say xỉn, tac trach, làm khó, đưa tiền, giấu,
    tự ý, làm chết, nộp lại, nhốt, chặt rừng, phá rừng, dù không, cho qua, toàn con, ban ma tuy, co bac, ngoai tinh,
    lừa, thong dong, cau ket, móc nối, loi ich nhom, tu loi, tư lợi, lam trai
  `),
} as const

function phrases(text: string): readonly string[] {
  return text.split(',').map((phrase) => phrase.trim())
}

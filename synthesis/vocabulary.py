"""Words of office papers, put together for the generator: names, places, organs, subjects."""

from __future__ import annotations

SURNAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Đinh", "Trịnh", "Đoàn", "Lương", "Mai", "Tô", "Trương", "Tạ", "Cao", "Hà", "Quách", "Thái", "Lưu", "Kiều",
    "Nông", "Lò", "Vi", "Hứa", "Chu", "Đào", "Phùng", "Tống", "Nghiêm", "Lâm",
)  # fmt: skip

MALE_MIDDLES = (
    "Văn", "Đức", "Hữu", "Quang", "Minh", "Công", "Đình", "Xuân", "Ngọc", "Thanh", "Quốc", "Anh", "Mạnh", "Trọng",
    "Bá", "Duy", "Tiến", "Gia", "Việt", "Hải",
)  # fmt: skip

FEMALE_MIDDLES = (
    "Thị", "Ngọc", "Thu", "Thanh", "Bích", "Kim", "Phương", "Minh", "Hồng", "Mỹ", "Diệu", "Thùy", "Hoài", "Khánh",
    "Tuyết", "Ánh", "Lan",
)  # fmt: skip

MALE_NAMES = (
    "Hùng", "Dũng", "Cường", "Tuấn", "Sơn", "Long", "Hải", "Nam", "Bình", "Thắng", "Toàn", "Khánh", "Quân", "Đạt",
    "Hiếu", "Nghĩa", "Phúc", "Lộc", "Thọ", "Tùng", "Vinh", "Việt", "Trung", "Thành", "Thịnh", "Tài", "Tâm", "Quý",
    "Phong", "Khoa", "Huy", "Hưng", "Giang", "Duy", "Định", "Chiến", "Bảo", "Ân", "Thuận", "Sáng", "Lợi", "Kiên",
    "Hậu", "Đông",
)  # fmt: skip

FEMALE_NAMES = (
    "Hương", "Lan", "Hoa", "Hồng", "Mai", "Linh", "Nga", "Nhung", "Oanh", "Phượng", "Quyên", "Thảo", "Thủy", "Trang",
    "Tuyết", "Uyên", "Vân", "Yến", "Hạnh", "Hiền", "Hằng", "Loan", "Ngân", "Nguyệt", "Nhi", "Diễm", "Duyên", "Dung",
    "Chi", "Châu", "Bích", "Ánh", "Xuân", "Thơm", "Thúy", "Liên", "Lý", "Lụa", "Hậu", "Hòa", "Giang", "Gấm", "Đào",
)  # fmt: skip

PROVINCES = (
    "Tuyên Quang", "Lào Cai", "Thái Nguyên", "Phú Thọ", "Bắc Ninh", "Hưng Yên", "Ninh Bình", "Quảng Trị", "Quảng Ngãi",
    "Gia Lai", "Khánh Hòa", "Lâm Đồng", "Đắk Lắk", "Đồng Nai", "Tây Ninh", "Vĩnh Long", "Đồng Tháp", "Cà Mau",
    "An Giang", "Lai Châu", "Điện Biên", "Sơn La", "Lạng Sơn", "Quảng Ninh", "Thanh Hóa", "Nghệ An", "Hà Tĩnh",
    "Cao Bằng",
)  # fmt: skip

CITIES = ("Hà Nội", "Huế", "Hải Phòng", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ")

"""With the provinces above, the 34 units at provincial level since 2025."""

COMMUNE_FIRSTS = (
    "An", "Bình", "Tân", "Phú", "Long", "Hòa", "Thanh", "Vĩnh", "Đông", "Tây", "Nam", "Bắc", "Xuân", "Hưng", "Mỹ",
    "Thạnh", "Yên", "Đại", "Quang", "Minh", "Thượng", "Hồng", "Kim", "Sơn", "Trung", "Cẩm", "Liên", "Hải", "Nghĩa",
    "Phước", "Ngọc", "Trường", "Thọ", "Gia",
)  # fmt: skip

COMMUNE_LASTS = (
    "Thành", "Lộc", "Hòa", "Phú", "Khánh", "Thủy", "Giang", "Sơn", "Hải", "Lạc", "Thịnh", "Tiến", "Châu", "Mỹ", "Đông",
    "Trạch", "Lâm", "Điền", "Quý", "Phong", "Thạch", "Hà", "Khê", "Đức", "Cường", "Ninh", "Thuận", "Lợi", "Bình", "Xá",
    "Trung", "Hiệp", "Nguyên", "Đồng",
)  # fmt: skip

HAMLETS = (
    "Chi bộ thôn", "Chi bộ tổ dân phố", "Chi bộ ấp", "Chi bộ khu phố", "Chi bộ Trường Tiểu học", "Chi bộ Trạm Y tế",
)  # fmt: skip

STREETS = (
    "Trần Hưng Đạo", "Lê Lợi", "Hùng Vương", "Quang Trung", "Nguyễn Huệ", "Lý Thường Kiệt", "Hai Bà Trưng",
    "Ngô Quyền", "Phan Đình Phùng", "Nguyễn Trãi", "Lê Duẩn", "Điện Biên Phủ",
)  # fmt: skip

DEPARTMENTS = (
    ("Nội vụ", "SNV"), ("Tài chính", "STC"), ("Xây dựng", "SXD"), ("Y tế", "SYT"), ("Tư pháp", "STP"),
    ("Công Thương", "SCT"), ("Khoa học và Công nghệ", "SKHCN"), ("Giáo dục và Đào tạo", "SGDĐT"),
    ("Nông nghiệp và Môi trường", "SNNMT"), ("Văn hóa, Thể thao và Du lịch", "SVHTTDL"),
    ("Dân tộc và Tôn giáo", "SDTTG"),
)  # fmt: skip

MINISTRIES = (
    ("Nội vụ", "BNV"), ("Tài chính", "BTC"), ("Xây dựng", "BXD"), ("Y tế", "BYT"), ("Tư pháp", "BTP"),
    ("Công Thương", "BCT"), ("Khoa học và Công nghệ", "BKHCN"), ("Giáo dục và Đào tạo", "BGDĐT"),
    ("Nông nghiệp và Môi trường", "BNNMT"),
)  # fmt: skip

STATE_UNITS = ("VX", "NC", "KTTH", "TH", "KGVX", "KSTT", "NNMT", "CNXD", "TCCB", "VP", "KHTC", "CCHC")

PARTY_COMMITTEES = (
    ("Ban Tổ chức", "BTC", "TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"),
    ("Ban Tuyên giáo và Dân vận", "BTGDV", "TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"),
    ("Ban Nội chính", "BNC", "TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"),
    ("Ủy ban Kiểm tra", "UBKT", "CHỦ NHIỆM", "PHÓ CHỦ NHIỆM"),
    ("Văn phòng", "VP", "CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"),
)  # fmt: skip

STATE_TYPES = (
    ("QUYẾT ĐỊNH", "QĐ"), ("THÔNG BÁO", "TB"), ("KẾ HOẠCH", "KH"), ("BÁO CÁO", "BC"), ("TỜ TRÌNH", "TTr"),
    ("CHỈ THỊ", "CT"), ("NGHỊ QUYẾT", "NQ"), ("HƯỚNG DẪN", "HD"), ("CHƯƠNG TRÌNH", "CTr"), ("PHƯƠNG ÁN", "PA"),
    ("GIẤY MỜI", "GM"), ("CÔNG VĂN", "CV"),
)  # fmt: skip

PARTY_TYPES = (
    ("NGHỊ QUYẾT", "NQ"), ("QUYẾT ĐỊNH", "QĐ"), ("QUY ĐỊNH", "QĐ"), ("CHỈ THỊ", "CT"), ("KẾT LUẬN", "KL"),
    ("KẾ HOẠCH", "KH"), ("THÔNG BÁO", "TB"), ("BÁO CÁO", "BC"), ("HƯỚNG DẪN", "HD"), ("CHƯƠNG TRÌNH", "CTr"),
    ("TỜ TRÌNH", "TTr"), ("QUY CHẾ", "QC"), ("CÔNG VĂN", "CV"),
)  # fmt: skip

ACTIONS = (
    "triển khai", "tăng cường", "đẩy mạnh", "tổ chức thực hiện", "nâng cao chất lượng", "chấn chỉnh",
    "rà soát, đánh giá", "kiểm tra, giám sát", "sơ kết 06 tháng", "tổng kết 05 năm", "hướng dẫn", "đôn đốc",
    "phê duyệt kế hoạch", "kiện toàn", "đổi mới", "bảo đảm tiến độ", "sắp xếp, bố trí",
)  # fmt: skip

SUBJECTS = (
    "công tác số hóa hồ sơ, tài liệu lưu trữ", "công tác văn thư, lưu trữ", "cải cách thủ tục hành chính",
    "chuyển đổi số trong các cơ quan nhà nước", "công tác phòng, chống thiên tai và tìm kiếm cứu nạn",
    "công tác tiếp công dân, giải quyết khiếu nại, tố cáo", "giải ngân vốn đầu tư công",
    "quản lý, sử dụng tài sản công", "công tác bảo đảm trật tự, an toàn giao thông",
    "phòng cháy, chữa cháy và cứu nạn, cứu hộ", "xây dựng nông thôn mới nâng cao", "giảm nghèo bền vững",
    "chăm sóc sức khỏe nhân dân", "phòng, chống dịch bệnh", "bảo vệ môi trường và thu gom rác thải",
    "quản lý đất đai, trật tự xây dựng", "đào tạo, bồi dưỡng cán bộ, công chức", "công tác phát triển đảng viên",
    "sinh hoạt chi bộ theo chuyên đề", "học tập và làm theo tư tưởng, đạo đức Hồ Chí Minh",
    "thực hành tiết kiệm, chống lãng phí", "phòng, chống tham nhũng, tiêu cực", "quản lý hồ sơ đảng viên",
    "sắp xếp tổ chức bộ máy tinh gọn", "quy hoạch cán bộ nhiệm kỳ 2025 - 2030", "bảo vệ bí mật nhà nước",
    "cung cấp dịch vụ công trực tuyến", "an toàn thông tin mạng", "phát triển du lịch cộng đồng",
    "phổ cập giáo dục mầm non", "quản lý bến bãi và vận tải hành khách", "kiểm kê rừng và phòng cháy rừng",
    "cấp nước sạch cho vùng cao", "thi đua, khen thưởng", "tuyển quân và hậu phương quân đội",
    "hỗ trợ hợp tác xã và hộ kinh doanh", "đánh giá, xếp loại chất lượng tổ chức đảng",
    "tuyên truyền, vận động quần chúng ở cơ sở",
)  # fmt: skip

LAWS = (
    "Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025", "Luật Lưu trữ ngày 21 tháng 6 năm 2024",
    "Luật Ngân sách nhà nước ngày 25 tháng 6 năm 2025", "Luật Cán bộ, công chức ngày 24 tháng 6 năm 2025",
    "Luật Đầu tư công ngày 29 tháng 11 năm 2024", "Luật Đất đai ngày 18 tháng 01 năm 2024",
)  # fmt: skip

OPENERS = (
    "Trong thời gian qua", "Thời gian tới", "Qua kiểm tra thực tế", "Trên cơ sở kết quả đạt được",
    "Từ đầu năm đến nay", "Để khắc phục những hạn chế nêu trên", "Nhằm đáp ứng yêu cầu nhiệm vụ",
    "Theo báo cáo của các đơn vị", "Bên cạnh những kết quả đạt được", "Xuất phát từ tình hình thực tế",
    "Căn cứ chức năng, nhiệm vụ được giao", "Trước diễn biến phức tạp của tình hình",
    "Theo tinh thần cuộc họp giao ban",
)  # fmt: skip

ACTORS = (
    "các cơ quan, đơn vị", "thủ trưởng các sở, ban, ngành", "cấp ủy, tổ chức đảng các cấp",
    "chính quyền các xã, phường", "người đứng đầu đơn vị", "bộ phận một cửa", "các phòng chuyên môn",
    "cán bộ phụ trách lĩnh vực", "Mặt trận Tổ quốc và các đoàn thể", "ban quản lý các dự án",
    "đội ngũ cán bộ, đảng viên", "tổ công tác liên ngành", "các trường học trên địa bàn",
)  # fmt: skip

VERBS = (
    "đã chủ động triển khai", "cần tập trung thực hiện", "đã quan tâm chỉ đạo", "tiếp tục rà soát",
    "phải chịu trách nhiệm về", "chưa thực sự quan tâm đến", "đã có nhiều chuyển biến trong",
    "nghiêm túc chấp hành các quy định về", "phối hợp chặt chẽ trong", "thường xuyên kiểm tra",
    "kịp thời báo cáo kết quả", "xây dựng lộ trình cụ thể cho",
)  # fmt: skip

TAILS = (
    "góp phần giữ vững ổn định ở cơ sở", "bảo đảm đúng thời gian và chất lượng",
    "tạo thuận lợi cho người dân và doanh nghiệp", "không để xảy ra sai sót, chậm trễ", "tránh hình thức, lãng phí",
    "theo đúng thẩm quyền được giao", "phù hợp với điều kiện của từng địa phương",
    "gắn với trách nhiệm của người đứng đầu", "và báo cáo định kỳ hằng tháng",
    "từ khâu tiếp nhận đến khâu trả kết quả", "trước khi trình cấp có thẩm quyền xem xét",
    "bằng nguồn kinh phí đã được bố trí", "để kịp thời tháo gỡ khó khăn, vướng mắc",
    "với lộ trình rõ việc, rõ người, rõ thời hạn",
)  # fmt: skip

TASKS = (
    "Rà soát, bổ sung các quy trình nội bộ về {subject}", "Ban hành kế hoạch chi tiết về {subject}",
    "Phân công cán bộ theo dõi {subject}", "Lập danh mục hồ sơ liên quan đến {subject}",
    "Tổng hợp số liệu về {subject}", "Tổ chức tập huấn về {subject} cho {actor}",
    "Tham mưu các giải pháp về {subject}", "Kiểm tra việc thực hiện {subject} tại {actor}",
    "Công khai kết quả {subject} trên trang thông tin điện tử", "Bố trí kinh phí phục vụ {subject}",
)  # fmt: skip

TABLE_ITEMS = (
    "Máy quét tài liệu khổ A3", "Tủ hồ sơ bằng thép", "Bìa hồ sơ lưu trữ", "Kiểm kê kho lưu trữ",
    "Chỉnh lý tài liệu tồn đọng", "Tập huấn phần mềm", "Sửa chữa đường giao thông liên thôn", "Nâng cấp trạm bơm",
    "Xây dựng nhà văn hóa thôn", "Hỗ trợ cây giống", "Khám sức khỏe định kỳ", "Bồi dưỡng nghiệp vụ văn thư",
    "Lắp đặt điện chiếu sáng", "Trồng cây phân tán", "Vệ sinh môi trường khu dân cư", "Khảo sát mức độ hài lòng",
    "Mua sắm trang thiết bị dạy học", "Tuyên truyền lưu động",
)  # fmt: skip

STATE_RECIPIENTS = (
    "Thường trực Tỉnh ủy (b/c)", "Thường trực HĐND tỉnh", "Chủ tịch, các PCT UBND tỉnh", "Văn phòng Chính phủ",
    "Bộ Nội vụ", "Các sở, ban, ngành", "Công an tỉnh", "UBND các xã, phường", "Kho bạc Nhà nước khu vực",
    "Cổng Thông tin điện tử tỉnh", "Báo và Đài Phát thanh, Truyền hình tỉnh", "Ủy ban MTTQ Việt Nam tỉnh",
    "Các tổ chức chính trị - xã hội", "VPUB: CVP, các PCVP", "Các phòng chuyên môn", "Sở Tài chính (phối hợp)",
    "Đoàn đại biểu Quốc hội tỉnh", "Trung tâm Lưu trữ lịch sử",
)  # fmt: skip

PARTY_RECIPIENTS = (
    "Ban Bí thư Trung ương Đảng (b/c)", "Các ban Đảng Trung ương (b/c)", "Văn phòng Trung ương Đảng (báo cáo)",
    "Các đảng ủy trực thuộc", "Các cơ quan tham mưu, giúp việc", "Đảng ủy các xã, phường", "Ủy ban kiểm tra các cấp",
    "Các đồng chí Ủy viên Ban Chấp hành", "Ban Thường vụ Đoàn Thanh niên", "Đảng ủy Công an (phối hợp)",
    "Các chi bộ trực thuộc", "Thường trực Hội đồng nhân dân", "Đảng ủy Ủy ban nhân dân", "Mặt trận Tổ quốc các cấp",
)  # fmt: skip

POSITIONS = (
    "Chuyên viên", "Giáo viên", "Cán bộ văn thư", "Kế toán viên", "Bác sĩ", "Trưởng thôn", "Công nhân", "Kỹ sư",
    "Y sĩ",
)  # fmt: skip

SCHOOLS = (
    "TRƯỜNG ĐẠI HỌC SƯ PHẠM", "TRƯỜNG ĐẠI HỌC KINH TẾ", "TRƯỜNG ĐẠI HỌC NÔNG LÂM", "TRƯỜNG CAO ĐẲNG Y TẾ",
    "HỌC VIỆN HÀNH CHÍNH",
)  # fmt: skip

STUDIES = (
    "Kế toán", "Quản trị kinh doanh", "Lưu trữ học", "Khoa học cây trồng", "Công nghệ thông tin", "Luật kinh tế",
    "Điều dưỡng",
)  # fmt: skip

FILE_TITLES = (
    "Tập văn bản chỉ đạo về {subject}", "Hồ sơ hội nghị về {subject}", "Tập báo cáo năm {year} về {subject}",
    "Hồ sơ kiểm tra việc thực hiện {subject}", "Tập quyết định, thông báo về {subject}",
)  # fmt: skip

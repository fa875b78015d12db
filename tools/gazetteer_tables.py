"""Hand-made tables of make_gazetteer.py: what no list of codes says. Read by eye, one row after another.

Keys are GB/T 2260 codes unless a table says otherwise. English names are the bare ones ("Haidian", "Bairin Left");
make_gazetteer.py adds District, County, Banner.
"""

# How a character is read in place names, where pypinyin chooses another reading.
CHARACTERS = {"长": "chang", "都": "du", "什": "shi", "勒": "le", "朝": "chao", "乐": "le"}

# The same for whole names without their last word, before CHARACTERS.
READINGS = {
    "长子": "zhang zi", "乐亭": "lao ting", "乐清": "yue qing", "乐陵": "lao ling",
    "泊头": "bo tou", "大城": "dai cheng", "繁峙": "fan shi", "洪洞": "hong tong", "珲春": "hun chun",
    "闵行": "min hang", "六合": "lu he", "蚌山": "beng shan", "涡阳": "guo yang", "单": "shan", "浚": "xun",
    "漯河": "luo he", "召陵": "shao ling", "曾都": "zeng du", "佛冈": "fo gang", "佛坪": "fo ping",
    "龙圩": "long xu", "覃塘": "qin tang", "筠连": "jun lian", "荥经": "ying jing", "崆峒": "kong tong",
    "宕昌": "tan chang", "称多": "chen duo", "红寺堡": "hong si bu", "伽师": "jia shi", "浪卡子": "lang ka zi",
    "鄂温克": "e wen ke", "白下": "bai xia", "下关": "xia guan", "沧浪": "cang lang", "金阊": "jin chang",
}

# Peoples in the names of autonomous places; a second word is another spelling in use.
PEOPLES = {
    "满族": "Manchu", "回族": "Hui", "蒙古族": "Mongol/Mongolian", "蒙古": "Mongol/Mongolian", "朝鲜族": "Korean",
    "达斡尔族": "Daur", "土家族": "Tujia", "苗族": "Miao", "侗族": "Dong", "瑶族": "Yao", "壮族": "Zhuang",
    "仫佬族": "Mulao", "毛南族": "Maonan", "黎族": "Li", "畲族": "She", "藏族": "Tibetan", "羌族": "Qiang",
    "彝族": "Yi", "仡佬族": "Gelao", "布依族": "Bouyei/Buyei", "水族": "Shui/Sui", "哈尼族": "Hani", "傣族": "Dai",
    "纳西族": "Naxi", "拉祜族": "Lahu", "佤族": "Va/Wa", "布朗族": "Blang", "白族": "Bai", "景颇族": "Jingpo",
    "傈僳族": "Lisu", "独龙族": "Derung", "怒族": "Nu", "普米族": "Pumi", "裕固族": "Yugur", "哈萨克族": "Kazakh",
    "哈萨克": "Kazakh", "东乡族": "Dongxiang", "保安族": "Bonan/Bao'an", "撒拉族": "Salar", "土族": "Tu",
    "塔吉克": "Tajik", "锡伯": "Xibe", "柯尔克孜": "Kirgiz/Kyrgyz", "各族": "Various Nationalities",
}

# Province level: slug, English name, full English name, representative town in GeoNames, other names.
PROVINCES = {
    "110000": ("beijing", "Beijing", "Beijing Municipality", "北京", "Beijing City|Peking"),
    "120000": ("tianjin", "Tianjin", "Tianjin Municipality", "天津", "Tianjin City|Tientsin"),
    "130000": ("hebei", "Hebei", "Hebei Province", "石家庄", "Hopeh|Hopei"),
    "140000": ("shanxi", "Shanxi", "Shanxi Province", "太原", "Shansi"),
    "150000": ("inner-mongolia", "Inner Mongolia", "Inner Mongolia Autonomous Region", "呼和浩特",
               "内蒙|Inner Mongolian Autonomous Region|Nei Mongol|Neimenggu|Nei Menggu|Neimeng"),
    "210000": ("liaoning", "Liaoning", "Liaoning Province", "沈阳", ""),
    "220000": ("jilin", "Jilin", "Jilin Province", "长春", "Kirin"),
    "230000": ("heilongjiang", "Heilongjiang", "Heilongjiang Province", "哈尔滨", "Heilungkiang"),
    "310000": ("shanghai", "Shanghai", "Shanghai Municipality", "上海", "Shanghai City"),
    "320000": ("jiangsu", "Jiangsu", "Jiangsu Province", "南京", "Kiangsu"),
    "330000": ("zhejiang", "Zhejiang", "Zhejiang Province", "杭州", "Chekiang"),
    "340000": ("anhui", "Anhui", "Anhui Province", "合肥", "Anhwei"),
    "350000": ("fujian", "Fujian", "Fujian Province", "福州", "Fukien"),
    "360000": ("jiangxi", "Jiangxi", "Jiangxi Province", "南昌", "Kiangsi"),
    "370000": ("shandong", "Shandong", "Shandong Province", "济南", "Shantung"),
    "410000": ("henan", "Henan", "Henan Province", "郑州", "Honan"),
    "420000": ("hubei", "Hubei", "Hubei Province", "武汉", "Hupeh|Hupei"),
    "430000": ("hunan", "Hunan", "Hunan Province", "长沙", ""),
    "440000": ("guangdong", "Guangdong", "Guangdong Province", "广州", "Kwangtung"),
    "450000": ("guangxi", "Guangxi", "Guangxi Zhuang Autonomous Region", "南宁",
               "Guangxi Autonomous Region|Guangxi Province|Kwangsi"),
    "460000": ("hainan", "Hainan", "Hainan Province", "海口", ""),
    "500000": ("chongqing", "Chongqing", "Chongqing Municipality", "重庆", "Chongqing City|Chungking"),
    "510000": ("sichuan", "Sichuan", "Sichuan Province", "成都", "Szechuan|Szechwan"),
    "520000": ("guizhou", "Guizhou", "Guizhou Province", "贵阳", "Kweichow"),
    "530000": ("yunnan", "Yunnan", "Yunnan Province", "昆明", ""),
    "540000": ("tibet", "Tibet", "Tibet Autonomous Region", "拉萨", "Tibetan Autonomous Region|Xizang|Xizang Autonomous Region"),
    "610000": ("shaanxi", "Shaanxi", "Shaanxi Province", "西安", "Shensi"),
    "620000": ("gansu", "Gansu", "Gansu Province", "兰州", "Kansu"),
    "630000": ("qinghai", "Qinghai", "Qinghai Province", "西宁", "Tsinghai|Chinghai"),
    "640000": ("ningxia", "Ningxia", "Ningxia Hui Autonomous Region", "银川",
               "Ningxia Autonomous Region|Ningxia Province|Ningsia"),
    "650000": ("xinjiang", "Xinjiang", "Xinjiang Uygur Autonomous Region", "乌鲁木齐",
               "Xinjiang Uyghur Autonomous Region|Xinjiang Autonomous Region|Xinjiang Province|Sinkiang"),
    "710000": ("taiwan", "Taiwan", "Taiwan Province", "台北", "台灣"),
    "810000": ("hong-kong", "Hong Kong", "Hong Kong Special Administrative Region", "香港",
               "Hongkong|Hong Kong SAR|HKSAR|Xianggang"),
    "820000": ("macao", "Macao", "Macao Special Administrative Region", "澳门",
               "Macau|Macao SAR|Macau SAR|Macau Special Administrative Region|Aomen"),
}

# Prefecture level: English names that are not the pinyin of the Chinese name.
PREFECTURES = {
    "141100": "Lüliang", "150100": "Hohhot", "150600": "Ordos", "150700": "Hulunbuir", "150800": "Bayannur",
    "150900": "Ulanqab", "152200": "Hinggan", "152500": "Xilingol", "152900": "Alxa", "230100": "Harbin",
    "230200": "Qiqihar", "513300": "Garze", "540100": "Lhasa", "540200": "Shigatse", "540300": "Chamdo",
    "540400": "Nyingchi", "540600": "Nagqu", "542500": "Ngari", "632600": "Golog", "650100": "Urumqi",
    "650200": "Karamay", "650400": "Turpan", "652700": "Bortala", "652800": "Bayingolin", "652900": "Aksu",
    "653000": "Kizilsu", "653100": "Kashgar", "653200": "Hotan", "654000": "Ili", "654300": "Altay",
}

# County level: the same. The usual English names of places in Inner Mongolia, Tibet, Qinghai and Xinjiang, and a few others.
COUNTIES = {
    "130107": "Jingxing Mining", "130406": "Fengfeng Mining", "130804": "Yingshouyingzi Mining", "140109": "Wanbailin",
    "150121": "Tumd Left", "150122": "Togtoh", "150123": "Horinger", "150203": "Kundulun",
    "150206": "Bayan Obo Mining", "150221": "Tumd Right", "150223": "Darhan Muminggan United", "150304": "Uda",
    "150421": "Ar Horqin", "150422": "Bairin Left", "150423": "Bairin Right", "150425": "Hexigten",
    "150426": "Ongniud", "150428": "Harqin", "150502": "Horqin", "150521": "Horqin Left Wing Middle",
    "150522": "Horqin Left Wing Rear", "150524": "Hure", "150526": "Jarud", "150581": "Holingol",
    "150603": "Kangbashi", "150621": "Dalad", "150622": "Jungar", "150623": "Otog Front", "150624": "Otog",
    "150625": "Hanggin", "150626": "Uxin", "150627": "Ejin Horo", "150702": "Hailar", "150703": "Jalainur",
    "150721": "Arun", "150722": "Morin Dawa", "150723": "Oroqen", "150724": "Evenki", "150725": "Chen Barag",
    "150726": "New Barag Left", "150727": "New Barag Right", "150784": "Ergun", "150823": "Urad Front",
    "150824": "Urad Middle", "150825": "Urad Rear", "150826": "Hanggin Rear", "150926": "Chahar Right Wing Front",
    "150927": "Chahar Right Wing Middle", "150928": "Chahar Right Wing Rear", "152201": "Ulanhot", "152202": "Arxan",
    "152221": "Horqin Right Wing Front", "152222": "Horqin Right Wing Middle", "152223": "Jalaid",
    "152501": "Erenhot", "152502": "Xilinhot", "152522": "Abag", "152523": "Sonid Left", "152524": "Sonid Right",
    "152525": "East Ujimqin", "152526": "West Ujimqin", "152527": "Taibus", "152921": "Alxa Left",
    "152922": "Alxa Right", "152923": "Ejin", "211324": "Harqin Left Wing", "220721": "Qian Gorlos",
    "230206": "Fularji", "230208": "Meilisi", "230602": "Sartu", "230624": "Dorbod",
    "513201": "Barkam", "513230": "Zamtang", "513232": "Zoige", "513326": "Dawu", "513328": "Garze",
    "533103": "Mangshi", "533401": "Shangri-La",
    "540103": "Doilungdeqen", "540104": "Dagze", "540121": "Lhunzhub", "540122": "Damxung", "540123": "Nyemo",
    "540124": "Quxu", "540127": "Maizhokunggar", "540202": "Samzhubze", "540221": "Namling", "540222": "Gyangze",
    "540223": "Tingri", "540224": "Sa'gya", "540225": "Lhaze", "540226": "Ngamring", "540227": "Xaitongmoin",
    "540228": "Bainang", "540229": "Rinbung", "540230": "Kangmar", "540231": "Dinggye", "540234": "Gyirong",
    "540235": "Nyalam", "540237": "Gamba", "540302": "Karub", "540321": "Jomda", "540322": "Gonjo",
    "540323": "Riwoqe", "540324": "Dengqen", "540325": "Chagyab", "540326": "Baxoi", "540327": "Zogang",
    "540328": "Markam", "540329": "Lhorong", "540330": "Banbar", "540421": "Gongbo'gyamda", "540423": "Medog",
    "540425": "Zayu", "540426": "Nang", "540481": "Mainling", "540502": "Nedong", "540522": "Gonggar",
    "540524": "Qonggyai", "540525": "Qusum", "540526": "Comai", "540527": "Lhozhag", "540528": "Gyaca",
    "540529": "Lhunze", "540531": "Nagarze", "540581": "Cona", "540621": "Lhari", "540623": "Nyainrong",
    "540624": "Amdo", "540625": "Xainza", "540626": "Sog", "540627": "Baingoin", "540628": "Baqen", "540629": "Nyima",
    "542521": "Burang", "542522": "Zanda", "542523": "Gar", "542524": "Rutog", "542525": "Ge'gyai",
    "542526": "Gerze", "542527": "Coqen", "620924": "Aksay", "632621": "Maqen", "632626": "Madoi",
    "632722": "Zadoi", "632723": "Chindu", "632724": "Zhidoi", "632725": "Nangqen", "632726": "Qumarleb",
    "632801": "Golmud", "632821": "Ulan",
    "650103": "Saybagh", "650121": "Urumqi", "650203": "Karamay", "650205": "Urho", "650422": "Toksun",
    "650521": "Barkol", "652324": "Manas", "652327": "Jimsar", "652328": "Mori", "652801": "Korla",
    "652828": "Hoxud", "652901": "Aksu", "652902": "Kuqa", "652928": "Awat", "652929": "Kalpin", "653001": "Artux",
    "653022": "Akto", "653023": "Akqi", "653101": "Kashgar", "653123": "Yengisar", "653127": "Makit",
    "653128": "Yopurga", "653131": "Taxkorgan", "653201": "Hotan", "653221": "Hotan", "653224": "Lop",
    "653225": "Qira", "654003": "Kuytun", "654004": "Khorgos", "654022": "Qapqal", "654027": "Tekes",
    "654028": "Nilka", "654202": "Usu", "654224": "Toli", "654226": "Hoboksar", "654301": "Altay", "654321": "Burqin",
    "654326": "Jeminay", "659002": "Aral", "659003": "Tumxuk", "659008": "Kokdala",
    # Hong Kong's districts and Macao's parishes
    "810001": "Central and Western", "810002": "Wan Chai", "810003": "Eastern", "810004": "Southern",
    "810005": "Yau Tsim Mong", "810006": "Sham Shui Po", "810007": "Kowloon City", "810008": "Wong Tai Sin",
    "810009": "Kwun Tong", "810010": "Tsuen Wan", "810011": "Tuen Mun", "810012": "Yuen Long", "810013": "North",
    "810014": "Tai Po", "810015": "Sai Kung", "810016": "Sha Tin", "810017": "Kwai Tsing", "810018": "Islands",
    "820001": "Nossa Senhora de Fátima", "820002": "Santo António", "820003": "São Lázaro", "820004": "Sé",
    "820005": "São Lourenço", "820006": "Nossa Senhora do Carmo", "820007": "Cotai", "820008": "São Francisco Xavier",
}

# Other names: earlier names, other spellings, names of places that became this one.
OTHER = {
    # prefecture level
    "150100": "呼市|Huhhot|Hohehot", "150600": "Erdos|伊克昭盟", "150700": "Hulun Buir|Hulunber|呼伦贝尔盟",
    "150800": "Bayan Nur|Baynnur|巴盟", "150900": "Ulan Qab|乌盟", "152200": "Xingan League", "152500": "Xilin Gol|锡盟|Xilinguole",
    "152900": "Alashan|Alagxa|阿盟", "210100": "Mukden", "210200": "Dairen", "222400": "延边州",
    "230100": "哈市|Haerbin|Ha'erbin", "232700": "Daxinganling|Da Hinggan Ling|Greater Khingan", "320100": "Nanking",
    "320300": "Hsuchow", "320500": "Soochow", "330100": "Hangchow", "330200": "Ningpo", "330300": "Wenchow",
    "350100": "Foochow", "350200": "Amoy", "360400": "Kiukiang", "370100": "Tsinan", "370200": "Tsingtao",
    "370600": "Chefoo", "371000": "Weihaiwei", "410100": "Chengchow", 
    "420600": "襄樊|襄樊市|Xiangfan", "440100": "Canton|Kwangchow", "440500": "Swatow", "445100": "Teochew|Chaochow",
    "450300": "Kweilin", "451000": "Bose", "510100": "Chengtu", "513200": "阿坝州|Ngawa|Aba Tibetan-Qiang Autonomous Prefecture",
    "513300": "甘孜州|Ganzi|Kardze", "530800": "思茅市|Pu-erh", "532300": "楚雄州", "610100": "Sian",
    "540200": "Xigaze|Rikaze", "540300": "Qamdo|Changdu", "540400": "Linzhi", "540500": "Lhoka|Shan'nan",
    "540600": "Nagchu|Naqu", "542500": "", "540100": "Lasa", "632600": "Guoluo|Golok", 
    "650100": "乌市|Wulumuqi|Urumchi|Ürümqi", "650200": "Kelamayi", "650400": "Turfan|Tulufan", "650500": "Kumul|Qumul",
    "652700": "Boertala|Börtala", "652800": "巴州|Bayingol|Bayinguoleng", "652900": "Akesu",
    "653000": "克州|Kezilesu", "653100": "Kashi|Kaxgar", "653200": "Hetian|Khotan", "654000": "伊犁州|Yili",
    "654200": "Tarbagatay|Qoqek", "654300": "Aletai", "433100": "湘西州", "422800": "恩施州", "522300": "黔西南州",
    "532800": "西双版纳州|Sibsongbanna|Sipsongpanna", "533400": "Dêqên|Deqen",
    # county level: other spellings
    "130726": "Weixian County", "131025": "Dacheng County|Dacheng", "140109": "Wanbolin District", "150121": "Tumed Left Banner",
    "150122": "Tuoketuo County|托县", "150123": "Helinge'er County|和林县", "150206": "Baiyun Obo Mining District|Baiyunebo Mining District",
    "150221": "Tumed Right Banner", "150223": "达茂旗|Damao Banner|Darhan Muminggan Joint Banner", "150304": "Wuda District",
    "150421": "阿旗", "150524": "Kulun Banner", "150581": "Huolinguole", "150603": "Kangbashi New Area|Kangbash District",
    "150702": "Hailaer District", "150703": "Zhalainuoer District|Jalai Nur District", "150722": "莫旗|莫力达瓦旗",
    "150723": "Elunchun Autonomous Banner", "150724": "鄂温克旗|Ewenki Autonomous Banner", "150725": "陈旗|Old Barag Banner",
    "150784": "Eerguna|Argun", "152201": "Wulanhaote|Ulan Hot", "152501": "Erlianhaote|Erlian|二连", "152502": "Xilinhaote|锡市",
    "152528": "Bordered Yellow Banner|Xianghuangqi", "152529": "Plain and Bordered White Banner", "152530": "Plain Blue Banner|Shangdu Banner",
    "150929": "Dorbod Banner|Siziwangqi", "211324": "喀左|喀左县|Kazuo", "220721": "前郭|前郭县|Qianguo",
    "230206": "Fulaerji District", "230602": "Saertu District", "230624": "杜蒙|杜蒙县|杜尔伯特县|Duerbote", "411104": "Zhaoling District",
    "511424": "Danling County", "513201": "Maerkang|Ma'erkang|马尔康县", "513230": "Rangtang County",
    "513231": "Ngawa County", "513232": "Ruoergai County", "513326": "Daofu County", "513328": "Ganzi County|Kardze County",
    "513332": "Sershul County", "513333": "Serthar County|Sertar County", "513334": "Lithang County",
    "533103": "潞西市|Luxi City|Mang City", "533401": "中甸县|Zhongdian|Xianggelila|Shangrila|香格里拉县", "533422": "Deqen County",
    "540104": "Dazi District", "540222": "Gyantse", "540223": "Dingri County", "540224": "Sakya County|Sagya County",
    "540225": "Lhatse County", "540302": "Karuo District|昌都县", "540325": "Zhag'yab County", "540330": "Palbar County",
    "540202": "Sangzhuzi District", "540402": "林芝县", "540424": "Bome County", "540521": "Dranang County",
    "540426": "Nangxian County|Nangxian", "540531": "Nanggarze County", "540581": "Tsona|错那县", "540481": "Milin|米林县",
    "540602": "那曲县", "540622": "Driru County", "540626": "Suoxian County", "540627": "Bangoin County", "542521": "Purang County|Pulan County",
    "542525": "Gegyai County", "610923": "Ningshaan County", "621223": "Dangchang County", "622927": "积石山县|Jishishan County",
    "623022": "Jone County", "623023": "Zhugqu County", "623024": "Tewo County", "620924": "阿克塞县|Aksai",
    "632301": "Rebgong|同仁县", "632322": "Jainca County", "632323": "Zekog County", "632622": "Baima County|Pema County",
    "632623": "Gade County", "632624": "Darlag County", "632625": "Jigzhi County", "632626": "Maduo County", "632701": "Gyegu",
    "632723": "Chengduo County", "632801": "Ge'ermu|Geermu", "632803": "Mangnai|Mangai", "640303": "Hongsibao District",
    "650103": "Shayibake District|Sayibak District|Saybag District", "650105": "Shuymogou District", "650205": "Orku District|Wuerhe District",
    "650421": "Piqan County|Pichan County", "652324": "Manasi County", "652325": "Guchung County", "652327": "Jimusaer County",
    "652801": "Ku'erle|Kuerle", "652822": "Bugur County", "652823": "Lopnur County|Weili County", "652824": "Charkilik County|Qakilik County",
    "652825": "Qarqan County|Cherchen County", "652829": "Bagrax County", "652902": "Kucha|Kuche|库车县|Kuqa County", "652922": "Onsu County",
    "652924": "Xayar County", "652925": "Toksu County", "652926": "Bay County", "652927": "Uqturpan County|Uchturpan County",
    "653001": "Atushi|Artush|Atux", "653024": "Ulugqat County", "653101": "Kashi", "653121": "Konaxahar County", "653122": "Yengixahar County",
    "653124": "Poskam County", "653125": "Yarkant County|Yarkand County", "653126": "Kargilik County", "653129": "Payzawat County",
    "653130": "Maralbexi County|Maralbeshi County", "653131": "塔什库尔干县|塔县|Tashkurgan", "653201": "Hetian", "653221": "Hetian County",
    "653222": "Karakax County|Qaraqash County", "653223": "Guma County", "653226": "Keriya County", "653227": "Niya County",
    "654002": "Ghulja|Gulja|Kuldja", "654003": "Kuitun", "654004": "Horgos|Korgas|Huoerguosi", "654022": "察布查尔县|Chabuchaer",
    "654024": "Tokkuztara County", "654025": "Kunes County", "654026": "Mongolkure County", "654028": "Nileke County", "654202": "Wusu",
    "654201": "Qoqek City", "654203": "沙湾县|Shawan County", "654226": "和布克赛尔县|Hoboksar County", "654301": "Aletai", "654322": "Koktokay County",
    "659002": "Alar|Ala'er", "659003": "Tumushuke", "659008": "Cocodala|Kekedala",
    "429021": "神农架|Shennongjia",
    # county level: names before a renaming or a merger into this place
    "110118": "密云县", "110119": "延庆县", "120116": "塘沽区|汉沽区|大港区|Tanggu|Binhai New District", "120119": "蓟县|Jixian County",
    "130209": "唐海县|Tanghai County", "130284": "滦县|Luanxian County", "130503": "邢台县|Xingtai County",
    "130505": "任县|Renxian County", "130602": "新市区|Xinshi District", "140215": "大同县|Datong County", "140404": "长治县|Changzhi County",
    "230110": "动力区", "310115": "南汇区|Nanhui", "320803": "楚州区|Chuzhou District", "320312": "铜山县", "330603": "绍兴县|Shaoxing County",
    "340210": "芜湖县|Wuhu County", "340706": "铜陵县|Tongling County", "340181": "居巢区|Juchao District", "360404": "九江县|Jiujiang County",
    "360483": "星子县|Xingzi County", "360704": "赣县|Ganxian County", "361104": "上饶县|Shangrao County", "370116": "莱城区|Laicheng District",
    "370211": "胶南市|Jiaonan", "370614": "长岛县|Changdao County", "371324": "苍山县|Cangshan County", "371403": "陵县|Lingxian County",
    "410212": "开封县|Kaifeng County", "411003": "许昌县|Xuchang County", "411203": "陕县|Shanxian County",
    "420304": "郧县|Yunxian County", "420607": "襄阳区|Xiangyang District", "430212": "株洲县|Zhuzhou County", "441403": "梅县|Meixian County",
    "450181": "横县|Hengxian County", "500110": "万盛区|Wansheng", "500154": "开县|Kaixian County", "510117": "郫县|Pixian County",
    "510705": "安县|Anxian County", "511504": "宜宾县|Yibin County", "511703": "达县|Daxian County", "520281": "盘县|Panxian County",
    "520304": "遵义县|Zunyi County", "610118": "户县|Huxian County", "610482": "彬县|Binxian County", "610503": "华县|Huaxian County",
    "640205": "惠农县", "350405": "沙县|Shaxian County", "230717": "伊春区",
}

# Places dissolved or merged since 2009 whose name no living place carries: code, name, English name, level, until, what became of it.
DISSOLVED = [
    ("110103", "崇文区", "Chongwen", "county", "2010", "110101"),
    ("110104", "宣武区", "Xuanwu", "county", "2010", "110102"),
    ("130103", "桥东区", "Qiaodong", "county", "2014", "130102, 130108"),
    ("130603", "北市区", "Beishi", "county", "2015", "130606"),
    ("130604", "南市区", "Nanshi", "county", "2015", "130606"),
    ("140211", "南郊区", "Nanjiao", "county", "2018", "140213, 140214"),
    ("310103", "卢湾区", "Luwan", "county", "2011", "310101"),
    ("310108", "闸北区", "Zhabei", "county", "2015", "310106"),
    ("320103", "白下区", "Baixia", "county", "2013", "320104"),
    ("320107", "下关区", "Xiaguan", "county", "2013", "320106"),
    ("320202", "崇安区", "Chong'an", "county", "2015", "320213"),
    ("320203", "南长区", "Nanchang", "county", "2015", "320213"),
    ("320204", "北塘区", "Beitang", "county", "2015", "320213"),
    ("320304", "九里区", "Jiuli", "county", "2010", "320302, 320311, 320312"),
    ("320405", "戚墅堰区", "Qishuyan", "county", "2015", "320412"),
    ("320502", "沧浪区", "Canglang", "county", "2012", "320508"),
    ("320503", "平江区", "Pingjiang", "county", "2012", "320508"),
    ("320504", "金阊区", "Jinchang", "county", "2012", "320508"),
    ("320611", "港闸区", "Gangzha", "county", "2020", "320613"),
    ("320705", "新浦区", "Xinpu", "county", "2014", "320706"),
    ("320802", "清河区", "Qinghe", "county", "2016", "320812"),
    ("320811", "清浦区", "Qingpu", "county", "2016", "320812"),
    ("321011", "维扬区", "Weiyang", "county", "2011", "321003"),
    ("330103", "下城区", "Xiacheng", "county", "2021", "330105"),
    ("330104", "江干区", "Jianggan", "county", "2021", "330102, 330114"),
    ("330204", "江东区", "Jiangdong", "county", "2016", "330212"),
    ("340208", "三山区", "Sanshan", "county", "2020", "340209"),
    ("340502", "金家庄区", "Jinjiazhuang", "county", "2012", "340503"),
    ("340702", "铜官山区", "Tongguanshan", "county", "2015", "340705"),
    ("340703", "狮子山区", "Shizishan", "county", "2015", "340705"),
    ("341400", "巢湖市", "Chaohu", "prefecture", "2011", "340181 and others"),
    ("350402", "梅列区", "Meilie", "county", "2021", "350404"),
    ("360105", "湾里区", "Wanli", "county", "2019", "360112"),
    ("370205", "四方区", "Sifang", "county", "2012", "370203"),
    ("371200", "莱芜市", "Laiwu", "prefecture", "2019", "370116, 370117"),
    ("410211", "金明区", "Jinming", "county", "2014", "410202"),
    ("410306", "吉利区", "Jili", "county", "2021", "410308"),
    ("440116", "萝岗区", "Luogang", "county", "2014", "440112"),
    ("440903", "茂港区", "Maogang", "county", "2014", "440904"),
    ("450404", "蝶山区", "Dieshan", "county", "2013", "450403"),
    ("500105", "江北区", "Jiangbei", "county", "2025", "500157, 500109"),
    ("500112", "渝北区", "Yubei", "county", "2025", "500157, 500109"),
    ("520114", "小河区", "Xiaohe", "county", "2012", "520111"),
]

# Towns that stand for a prefecture-level place in GeoNames, where it has no town of its own name.
SEATS = {
    "152200": "乌兰浩特", "152500": "锡林浩特", "152900": "阿拉善左旗", "222400": "延吉", "232700": "15:加格达奇区",
    "422800": "恩施", "433100": "吉首", "460300": "三沙市", "513200": "马尔康市", "513300": "康定市", "513400": "西昌", "522300": "兴义",
    "522600": "凯里", "522700": "都匀", "532300": "楚雄", "532500": "蒙自市", "532600": "文山", "532800": "景洪", "532900": "大理",
    "533100": "芒市", "533300": "泸水市", "533400": "香格里拉", "542500": "狮泉河", "610200": "铜官", "622900": "临夏市", "623000": "合作",
    "630200": "海东市", "632200": "西海镇", "632300": "同仁", "632500": "共和县", "632600": "玛沁", "632700": "玉树市",
    "632800": "德令哈", "652300": "昌吉", "652700": "博乐", "652800": "库尔勒", "652900": "阿克苏", "653000": "阿图什",
    "653100": "喀什", "653200": "和田", "654000": "伊犁哈萨克自治州", "654200": "塔城", "654300": "阿勒泰",
}

# Places whose match in GeoNames is another town, or a former seat: seen by comparison with a second list of points.
NO_POINT = {
    "130821", "210521", "230522", "330822", "371621", "420529", "421024", "421281", "510725", "510823", "520323",
    "540629", "542527", "650121",
}

# Short names that are everyday words, other places' names, or parts of them: never listed, as a text full of
# "cooperation" is not about Hezuo. The index still finds them when nothing else has the name.
WORDS = set("""
和平 河北 海南 河南 西安 新华 复兴 平安 海港 运河 平定 新城 回民 青山 振兴 太平 宏伟 灯塔 方正 平房 富裕 向阳 工农 友谊 友好
前进 东风 新兴 爱民 阳明 钟楼 鼓楼 西湖 江北 天台 路桥 三门 江山 无为 大通 马尾 平和 光泽 新建 莲花 天桥 市中 市南 市北 平原
惠民 牡丹 中原 解放 红旗 博爱 台前 民权 商城 公安 石门 凤凰 白云 光明 清新 资源 港口 兴业 乐业 东方 天涯 海棠 长寿 安居 南部
前锋 石棉 白玉 黑水 大方 富民 古城 威信 弥勒 比如 武功 宝塔 延长 白银 清水 安定 合作 高台 康乐 互助 共和 同心 温泉 新星 白杨
通道 中方 新市 城中 城东 城西 城北 城关 城厢 老城 上街 二七 东湖 南湖 北湖 太湖 泰山 庐山 天山 白水 黄龙 太和 永安 万年 兴安
团风 会同 安宁 吉利 丰满 南开 江南 东海 南海 民和 安多 安平 安新 安国 南山 东山 西山 平川 大关 东坡 月湖 花山 双塔 白塔
龙门 七星 新民 新安 新和 新源 新平 新田 湖滨 东区 西区 西市 站前 三元 四方 五常 道里 道外 龙江 海城 古塔 南关 北关 水城
清河 安化 通海 高明 大英 大新 大化 大东 成安 会东 中站 城口 江口 河口 湖口 洞口 林口 交口 界首 保安 南城 南县 交城 通城
北市 南市 小河 江东 金明 平江 南长 南岸 沙市 津市 福海 昆玉 双河 天全 天心 天元 天等 东宝 山城 石城 双城
""".split())

# The same for places of prefecture level.
PREFECTURE_WORDS = {"海南", "白银", "兴安", "阿里"}

# Bare English names of counties that are English words or other names: listed only with County, District, ….
ENGLISH_WORDS = {
    "jingle", "wanning", "hailing", "longan", "mile", "sog", "toli", "saga", "gar", "bole", "aral", "lop", "usu", "ulan",
    "lean", "duan", "nang", "north", "eastern", "southern", "islands", "se", "hure", "amdo", "arun", "evenki", "oroqen",
    "pingan", "gongan", "wuxi", "nanchang", "dawu", "baiyu", "beishi", "nanshi", "mori", "tekes",
    "hainan", "henan", "hebei", "central and western", "anda", "binge",
}

# Spellings that are personal names or words more often than places.
NOT_LISTED = {"Jian", "Ji an", "Luan", "Lu an", "Ali"}

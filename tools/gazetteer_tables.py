"""Hand-made tables of make_gazetteer.py: readings, peoples, and names that mislead.

Beside them stand two files. gazetteer_names.csv has, of single places, the English name where it is not the pinyin
(without District, County, Banner), other names, and the town that stands for the place in GeoNames where that is not
one of its own name ("15:加格达奇区" is one in the province 15). gazetteer_dissolved.csv has places that are no more.
"""

# How a character is read in place names, where pypinyin chooses another reading.
CHARACTERS = {"长": "chang", "都": "du", "什": "shi", "勒": "le", "朝": "chao", "乐": "le"}

# The same for whole names without their last word, before CHARACTERS.
READINGS = {
    "长子": "zhang zi",
    "乐亭": "lao ting",
    "乐清": "yue qing",
    "乐陵": "lao ling",
    "泊头": "bo tou",
    "大城": "dai cheng",
    "繁峙": "fan shi",
    "洪洞": "hong tong",
    "珲春": "hun chun",
    "闵行": "min hang",
    "六合": "lu he",
    "蚌山": "beng shan",
    "涡阳": "guo yang",
    "单": "shan",
    "浚": "xun",
    "漯河": "luo he",
    "召陵": "shao ling",
    "曾都": "zeng du",
    "佛冈": "fo gang",
    "佛坪": "fo ping",
    "龙圩": "long xu",
    "覃塘": "qin tang",
    "筠连": "jun lian",
    "荥经": "ying jing",
    "崆峒": "kong tong",
    "宕昌": "tan chang",
    "称多": "chen duo",
    "红寺堡": "hong si bu",
    "伽师": "jia shi",
    "浪卡子": "lang ka zi",
    "鄂温克": "e wen ke",
    "白下": "bai xia",
    "下关": "xia guan",
    "沧浪": "cang lang",
    "金阊": "jin chang",
}

# Peoples in the names of autonomous places; a second word is another spelling in use.
PEOPLES = {
    "满族": "Manchu",
    "回族": "Hui",
    "蒙古族": "Mongol/Mongolian",
    "蒙古": "Mongol/Mongolian",
    "朝鲜族": "Korean",
    "达斡尔族": "Daur",
    "土家族": "Tujia",
    "苗族": "Miao",
    "侗族": "Dong",
    "瑶族": "Yao",
    "壮族": "Zhuang",
    "仫佬族": "Mulao",
    "毛南族": "Maonan",
    "黎族": "Li",
    "畲族": "She",
    "藏族": "Tibetan",
    "羌族": "Qiang",
    "彝族": "Yi",
    "仡佬族": "Gelao",
    "布依族": "Bouyei/Buyei",
    "水族": "Shui/Sui",
    "哈尼族": "Hani",
    "傣族": "Dai",
    "纳西族": "Naxi",
    "拉祜族": "Lahu",
    "佤族": "Va/Wa",
    "布朗族": "Blang",
    "白族": "Bai",
    "景颇族": "Jingpo",
    "傈僳族": "Lisu",
    "独龙族": "Derung",
    "怒族": "Nu",
    "普米族": "Pumi",
    "裕固族": "Yugur",
    "哈萨克族": "Kazakh",
    "哈萨克": "Kazakh",
    "东乡族": "Dongxiang",
    "保安族": "Bonan/Bao'an",
    "撒拉族": "Salar",
    "土族": "Tu",
    "塔吉克": "Tajik",
    "锡伯": "Xibe",
    "柯尔克孜": "Kirgiz/Kyrgyz",
    "各族": "Various Nationalities",
}

# The last words of Chinese names, longer ones first, and what they are in English.
ENDINGS = {
    "特别行政区": "",
    "自治县": "Autonomous County",
    "自治旗": "Autonomous Banner",
    "自治州": "Autonomous Prefecture",
    "自治区": "",
    "地区": "Prefecture",
    "省": "Province",
    "市": "City",
    "县": "County",
    "区": "District",
    "旗": "Banner",
    "盟": "League",
}
# Places whose last word is a longer one.
WHOLE_ENDINGS = {
    "滨海新区": "新区",
    "浦东新区": "新区",
    "两江新区": "新区",
    "沈北新区": "新区",
    "神农架林区": "林区",
    "六枝特区": "特区",
}
ENGLISH_ENDINGS = {
    "120116": "New Area",
    "310115": "New Area",
    "500157": "New Area",
    "210113": "New District",
    "429021": "Forestry District",
    "520203": "Special District",
}

# Short names of the provinces where the full one does not give it.
SHORT_PROVINCES = {"150000": "内蒙古", "650000": "新疆"}

# Traditional forms that a conversion by single characters gets wrong, and the right ones.
TRADITIONAL = {
    "江乾": "江干",
    "範縣": "范縣",
    "新幹": "新干",
    "大餘": "大余",
    "嶽西": "岳西",
    "嶽池": "岳池",
    "安嶽": "安岳",
    "嶽塘": "岳塘",
    "嶽普湖": "岳普湖",
    "灣裡": "灣里",
    "灣裏": "灣里",
    "淩": "凌",
}

# Places whose match in GeoNames is another town, or a former seat: seen by comparison with a second list of points.
NO_POINT = {
    "130821",
    "210521",
    "230522",
    "330822",
    "371621",
    "420529",
    "421024",
    "421281",
    "510725",
    "510823",
    "520323",
    "540629",
    "542527",
    "650121",
}

# Short names that are everyday words, other places' names, or parts of them: never listed, as a text full of
# "cooperation" is not about Hezuo. The index still finds them when nothing else has the name.
WORDS = frozenset(
    """
    中西
    七星 万年 三元 三门 上街 东区 东坡 东宝 东山 东方 东海 东湖 东风 中原 中方 中站 丰满 乐业 二七 互助 五常
    交口 交城 会东 会同 光明 光泽 公安 共和 兴业 兴安 凤凰 前进 前锋 北关 北市 北湖 南关 南县 南城 南山 南岸
    南市 南开 南海 南湖 南部 南长 博爱 友好 友谊 双城 双塔 双河 古城 古塔 台前 合作 吉利 同心 向阳 和平 商城
    四方 回民 团风 城东 城中 城关 城北 城厢 城口 城西 复兴 大东 大关 大化 大新 大方 大英 大通 天元 天全 天台
    天山 天心 天桥 天涯 天等 太和 太平 太湖 威信 安化 安国 安多 安宁 安定 安居 安平 安新 宏伟 宝塔 富民 富裕
    小河 山城 工农 市中 市北 市南 平原 平和 平安 平定 平川 平房 平江 庐山 康乐 延长 弥勒 惠民 成安 振兴 新兴
    新华 新和 新城 新安 新市 新平 新建 新星 新民 新源 新田 方正 无为 昆玉 月湖 林口 武功 比如 民和 民权 水城
    永安 江东 江北 江南 江口 江山 沙市 河北 河南 河口 泰山 洞口 津市 海南 海城 海棠 海港 清新 清水 清河 温泉
    港口 湖口 湖滨 灯塔 爱民 牡丹 界首 白云 白塔 白杨 白水 白玉 白银 石城 石棉 石门 福海 站前 红旗 老城 花山
    莲花 西区 西安 西山 西市 西湖 解放 资源 路桥 运河 通城 通海 通道 道外 道里 金明 钟楼 长寿 阳明 青山 马尾
    高台 高明 黄龙 黑水 鼓楼 龙江 龙门
    """.split()  # noqa: SIM905
)

# Districts named like the prefecture or province that everybody means.
NAMESAKES = {"150303", "210202", "230606", "341003"}

# The same for places of prefecture level.
PREFECTURE_WORDS = {"海南", "白银", "兴安", "阿里"}

# Bare English names of counties that are English words or other names: listed only with County, District, ….
ENGLISH_WORDS = frozenset(
    """
    amdo anda aral arun baiyu bange beishi binge bole boxing dari dawu dean duan eastern evenki gamba gar gongan
    guan guangming guide hailing hainan hebei henan huma hure islands jiefang jingle lean longan lop manas mile mori
    nanchang nang nanshi north oroqen pingan saga se sog southern tekes toli tongan ulan usu wanning wuxi xinhua
    yuan
    """.split()  # noqa: SIM905
)

# The same of one whose name is several words.
NO_BARE_ENGLISH = {"810001"}

# Spellings that are personal names or words more often than places.
NOT_LISTED = {"Jian", "Ji an", "Luan", "Lu an", "Ali"}

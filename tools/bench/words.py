"""What the made-up texts are made of: the words of the genre in English and Chinese, most frequent first.

The words that a search is measured with are listed apart and stand in no other list, so that it is known how often each
occurs.
"""

# How many of the cases in the language hold the word; half of all cases are in each language.
BROAD = 0.6
SELECTIVE = 0.002
BROAD_EN, SELECTIVE_EN = "suspects", "skimming"
BROAD_ZH, SELECTIVE_ZH = "嫌疑", "盗刷"
BROAD_SENTENCES_EN = (
    "All suspects were brought before the court.",
    "The suspects confessed.",
    "Some suspects are still at large.",
)
BROAD_SENTENCES_ZH = ("嫌疑人均已归案。", "对嫌疑人依法采取强制措施。", "另有嫌疑人在逃。")
SELECTIVE_SENTENCE_EN = "Part of the money came from card skimming."
SELECTIVE_SENTENCE_ZH = "部分资金来自银行卡盗刷。"

NOUNS = """
police case network information account website gang card platform group operation money phone data officer fraud
victim number user message crime investigation campaign department bank internet server link software company device
loan call company gambler member transfer payment customer order person employee owner order code password profile
file identity photo video image post rumour comment report complaint lead tip clue raid arrest search seizure den
workshop warehouse office flat village district county city province border country region street market shop school
hospital bureau ministry court prosecutor procuratorate task force squad team unit station brigade detachment centre
headquarters office branch agency authority committee association enterprise operator carrier provider vendor seller
buyer broker agent courier driver student teacher parent child teenager pensioner woman man villager resident citizen
tourist worker engineer programmer developer administrator webmaster hacker insider anchor streamer blogger influencer
editor journalist lawyer doctor patient investor shareholder manager director boss ringleader accomplice recruit
associate contact friend relative couple sibling neighbour tenant landlord application program script plugin trojan
virus ransomware worm backdoor exploit vulnerability loophole interface database backup log record entry table field
string token certificate licence permit passport plate stamp seal invoice receipt contract agreement ledger balance
deposit withdrawal instalment interest fee commission bonus reward salary rent price value sum total share percentage
profit loss debt credit capital fund asset property estate vehicle car truck bus train flight ticket hotel restaurant
cafe bar club casino lottery bet wager odds game round level weapon currency coin wallet exchange chain miner node
router modem antenna transmitter base pool rack cable battery camera lens microphone recorder tracker drone laptop
tablet computer keyboard screen printer chip disk drive memory sim handset forum channel room thread page site domain
address proxy tunnel gateway cloud host mirror crawler bot robot algorithm model dataset training face voice
fingerprint signature template document archive certificate diploma examination answer earpiece proxy candidate
invigilator supervisor subject score ranking review rating follower fan like forward view click download upload stream
broadcast episode novel comic magazine poster leaflet banner slogan advertisement promotion keyword search engine
portal column section headline story version source quotation interview conference meeting hearing trial verdict
sentence appeal imprisonment probation fine penalty warning notice order decision rule regulation law article clause
provision standard measure method means trick scheme script chat dialogue gift romance marriage dating job recruitment
part-time brushing refund delivery parcel express logistics postcode medicine pill drug tablet cosmetic liquor
cigarette tobacco milk powder fertiliser pesticide seed animal bird turtle ivory gun pistol rifle bullet explosive
firework knife crossbow blueprint barrel spring tube component part material tool machine line factory plant mine pond
farm river harbour ship boat island mountain road bridge tunnel toll highway airport customs checkpoint quarantine
epidemic mask vaccine test swab rumour panic flood earthquake fire accident explosion strike protest quarrel fight
injury death funeral memorial holiday festival summer winter night morning evening week month quarter year decade
"""

VERBS = """
arrest detain investigate solve seize freeze close delete shut crack destroy dismantle bust raid search trace track
locate identify verify confirm report announce publish disclose reveal say state add note stress warn remind call urge
order launch start begin continue extend deepen strengthen coordinate cooperate assist support guide direct command
organise plan prepare deploy send dispatch station assign handle process file accept receive collect gather analyse
compare match review examine inspect check test scan monitor watch detect find discover notice suspend block filter
remove clean rectify correct punish fine sentence convict try prosecute charge accuse sue appeal confess admit deny
claim allege insist promise agree refuse reject ignore hide conceal disguise pretend pose impersonate forge fake
counterfeit produce make build develop design write programme code install implant infect attack intrude penetrate
break steal copy download upload extract export sell buy trade exchange transfer remit deposit withdraw launder move
split share divide pay repay owe lend borrow charge cheat deceive defraud swindle trick lure tempt induce attract
recruit hire employ train teach instruct manage run operate control own rent lease register open apply use abuse
misuse exploit offer provide supply deliver ship post mail smuggle carry bring take store keep stockpile print publish
spread circulate forward repost comment insult slander threaten blackmail extort harass stalk expose doxx hurt injure
harm damage disrupt disturb paralyse crash restore recover return refund compensate protect defend guard secure
safeguard prevent reduce curb contain fight combat strike target focus concentrate cover reach exceed involve include
concern affect cause lead follow join leave enter cross flee escape travel fly drive meet gather gamble bet play win
lose stream broadcast record film photograph edit translate interview quote cite recall describe explain show display
demonstrate prove indicate suggest imply mean
"""

ADJECTIVES = """
public criminal illegal online new special national local municipal provincial cyber mobile social financial personal
private serious major key large small high low long short first second third early late recent former current joint
cross-border overseas foreign domestic international regional rural urban central eastern western southern northern
false fake forged counterfeit stolen leaked sensitive confidential secret hidden covert dark black grey virtual
digital electronic technical professional skilled organised structured hierarchical fixed temporary permanent regular
frequent rare common ordinary typical exemplary complex complicated simple easy difficult hard heavy light severe
strict harsh lenient fair just legal lawful valid invalid expired blank anonymous verified registered licensed
unlicensed authorised unauthorised responsible liable guilty innocent young old elderly adult minor female male
married single unemployed retired wealthy poor greedy gullible vulnerable careless cautious alert vigilant successful
effective efficient comprehensive thorough rapid swift slow sudden continuous sustained remarkable significant
considerable obvious clear vague unknown unnamed related similar identical different various numerous several many few
"""

FUNCTION_EN = """
the of and in to a with for on by from that was were at as had which their it after been this an who into through
others under against more also between over during them has he one is when they two other its against while
"""

SURNAMES_EN = """
Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo Liang Song Zheng Xie Han Tang Feng
Yu Dong Xiao Cheng Cao Yuan Deng Xue Lu Jiang Cai Jia Ding Wei Ye Yan Pan Du Dai Xia Zhong Tian Ren Fan Fang Shi Yao
Tan Liao Zou Xiong Jin Hao Kong Bai Cui Kang Mao Qiu Qin Gu Hou Shao Meng Long Wan Duan Qian
"""
GIVEN_EN = """
wei fang na min jing li qiang lei jun yang yong yan jie juan tao ming chao xiu xia ping gang gui hua jian guo zhi hong
feng bin bo cheng dan dong fei gen hai han hao heng hui jia kai kun lan lin long mei meng ning peng qi qing rong rui
shan sheng shu song ting wen xiang xin xue ya yi ying yu yuan yun ze zhen zhong
"""
SURNAMES_ZH = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN_ZH = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂华建国志红峰斌波成丹东飞根海涵浩恒辉佳凯坤兰霖龙梅梦宁鹏"
    "琪青荣瑞珊盛淑松婷文祥欣雪雅怡英宇源云泽珍忠"
)

# In a clause, {} stands for a word of two characters.
CLAUSES_ZH = """
公安机关高度重视 依托净网专项行动 组织精干警力成立专案组 经缜密侦查 在多地警方的配合下 循线深挖 开展集中收网
一举打掉该犯罪团伙 现场查获作案{}一批 依法冻结涉案{} 经查 该团伙以{}为名 通过{}平台发布虚假信息 诱骗受害人下载{}
骗取{}后迅速转移 层层分包洗钱 将赃款转至境外 形成了完整的黑灰产业链 为境外诈骗集团提供{} 非法获取公民个人{}
在暗网上出售{} 通过社交软件联系买家 以虚拟货币结算 公安部网络安全保卫局指挥多地公安机关 省公安厅挂牌督办
市公安局网安支队会同{}部门 抽调网安和刑侦骨干 历时数月 辗转多省 行程上万公里 发现一条利用{}实施犯罪的线索
接到群众报警称 接到{}单位报案 网上巡查时发现 线索核查中发现 群众举报称有人在网上销售{} 事主在网上{}时被骗
涉案人员对犯罪事实供认不讳 案件正在进一步侦办中 已移送检察机关审查起诉 法院依法作出判决
以非法利用信息网络罪追究刑事责任 以侵犯公民个人信息罪提起公诉 以诈骗罪判处有期徒刑 依法予以行政处罚 责令限期改正
给予警告并处罚款 关停违法违规账号 清理违法有害信息 约谈重点网站平台 督促落实主体责任 堵塞安全管理漏洞 切断犯罪{}链条
净化网络{}环境 维护人民群众合法权益 有力震慑了违法犯罪 取得显著成效 组建水军队伍 有偿发帖删帖 编造散布谣言
博取流量牟利 煽动网民情绪 严重扰乱社会秩序 造成恶劣影响 利用技术手段批量注册{} 使用猫池设备 架设伪基站发送短信
搭建跑分平台 收购银行卡和电话卡 组织人员远程操控{} 租用境外服务器 开发运营赌博软件 发展下线代理 按比例抽取佣金
设计虚假投资项目 冒充客服实施{} 冒充公检法人员 以刷单返利为诱饵 以网恋交友为幌子 制作传播淫秽物品牟利 组织未成年人直播
偷拍他人隐私 植入木马病毒 攻击政府{}网站 篡改网页数据 窃取企业{}数据 利用系统漏洞侵入后台 非法控制计算机 提供翻墙工具
破解加密{} 出售考试答案 利用无线设备作弊 制售假冒{} 伪造国家机关证件 非法买卖枪支零件 通过快递寄送{} 网络招嫖 组织卖淫
敲诈勒索商户 恶意差评 索要封口费 泄露{}患者资料 倒卖{}信息 内部人员利用职务便利 勾结中介 虚构交易记录 逃避{}监管
规避平台审核 使用暗语交流 阅后即焚 单线联系 分工明确 组织严密 层级分明 流窜作案 作案手法隐蔽 社会危害大
涉及全国多个省份 受害人遍布各地 涉案金额巨大 缴获手机电脑 扣押车辆房产 追回被骗资金 返还群众财物 召开新闻发布会
通报典型案例 提醒广大网民 不轻信不透露不转账 保护好个人{} 谨防上当受骗 积极举报线索 加强{}宣传教育 开展反诈进校园活动
深化警企合作 建立长效机制 持续保持高压态势 坚持打防并举 全链条打击 追根溯源 斩断利益链 压缩犯罪空间
"""
# Clauses that are one after another in the list above have the frequencies of neighbours; these words fill them.
WORDS_ZH = """
手机 网站 账号 资金 软件 电脑 数据 客户 平台 服务 电话 短信 链接 程序 系统 信息 银行 公司 商品 业务 网络 技术 密码
身份 照片 视频 图片 文章 游戏 直播 贷款 投资 彩票 股票 基金 保险 医院 学校 教育 交通 税务 社保 住房 物业 快递 物流
外卖 酒店 旅游 航空 铁路 公交 出租 汽车 加油 超市 餐饮 药品 食品 保健 化妆 服装 玩具 烟草 白酒 农资 种子 化肥 饲料
宠物 古董 字画 邮票 钱币 珠宝 黄金 玉石 木材 钢材 煤炭 石油 电力 燃气 供水 通信 宽带 光纤 基站 路由 天线 机房 芯片
硬盘 内存 键盘 屏幕 相机 镜头 录音 定位 监控 门禁 指纹 人脸 声纹 虹膜 签名 印章 证书 执照 护照 车牌 档案 户籍 婚姻
学历 职称 简历 招聘 兼职 培训 考试 作业 论文 专利 商标 版权 合同 发票 收据 账本 报表 审计 评估 拍卖 典当 信托 期货
外汇 债券 众筹 租赁 担保 理财 征信 催收 借条 抵押 质押 仲裁 诉讼 律师 公证 鉴定 调解 社区 街道 村庄 乡镇 园区 港口
机场 车站 码头 桥梁 隧道 水库 农田 林地 草原 矿山 渔船 货轮 仓库 车间 作坊 窝点 门店 摊位 柜台 会员 粉丝 网红 主播
博主 编辑 记者 医生 护士 教师 学生 家长 老人 儿童 妇女 农民 工人 司机 厨师 保安 保姆 会计 出纳 经理 董事 股东 老板
员工 同伙 下线
"""

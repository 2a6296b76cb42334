"""Invented names, Chinese and Latin, and addresses that follow from them."""

from random import Random

SURNAMES = """
王 wang 李 li 张 zhang 刘 liu 陈 chen 杨 yang 赵 zhao 黄 huang 周 zhou 吴 wu 徐 xu 孙 sun 胡 hu 朱
zhu 高 gao 林 lin 何 he 郭 guo 马 ma 罗 luo 梁 liang 宋 song 郑 zheng 谢 xie 韩 han 唐 tang 冯 feng
于 yu 董 dong 萧 xiao 程 cheng 曹 cao 袁 yuan 邓 deng 许 xu 傅 fu 沈 shen 曾 zeng 彭 peng 吕 lv 苏
su 卢 lu 蒋 jiang 蔡 cai 贾 jia 丁 ding
"""
GIVEN = """
伟 wei 芳 fang 娜 na 敏 min 静 jing 丽 li 强 qiang 磊 lei 军 jun 洋 yang 勇 yong 艳 yan 杰 jie 涛
tao 明 ming 超 chao 秀英 xiuying 霞 xia 平 ping 刚 gang 桂英 guiying 晓峰 xiaofeng 佳怡 jiayi 子轩
zixuan 雨桐 yutong 思远 siyuan 文博 wenbo 美玲 meiling 国华 guohua 婷婷 tingting 嘉豪 jiahao 欣然
xinran 浩然 haoran 梦琪 mengqi 俊杰 junjie 雅静 yajing 志强 zhiqiang 海燕 haiyan 建平 jianping 晨曦
chenxi 一鸣 yiming 若兰 ruolan 天宇 tianyu 小雪 xiaoxue
"""
FIRST_NAMES = """
Amelia Anton Beatriz Caleb Clara Daniel Elena Emil Farah Felix Grace Hanna Ibrahim
Ines Jonas Julia Kevin Laila Lucas Maria Mateo Mina Nadia Nils Olivia Omar Priya
Rafael Ruth Samuel Sofia Tara Thomas Vera Victor Yara
"""
LAST_NAMES = """
Adeyemi Almeida Becker Bianchi Cohen Costa Dubois Evans Fischer Garcia Haddad Ivanov
Jensen Kaur Kowalski Larsen Lim Mehta Moreau Nguyen Novak Okafor Park Petrov Quinn
Reyes Rossi Santos Schmidt Tanaka Turner Vogel Walsh Weber
"""
LATIN_OF_TEN = 3


def person(seed: str, employee_id: str) -> tuple[str, str, str]:
    """A name, its e-mail address (the id makes it one of its kind) and its locale; always the same."""
    random = Random(f"{seed}:name:{employee_id}")
    if random.randrange(10) < LATIN_OF_TEN:
        first, last = random.choice(FIRST_NAMES.split()), random.choice(LAST_NAMES.split())
        return f"{first} {last}", _address(first, last, employee_id), "en-US"
    surname, given = _pick(SURNAMES, random), _pick(GIVEN, random)
    return surname[0] + given[0], _address(given[1], surname[1], employee_id), "zh-CN"


def _pick(pairs: str, random: Random) -> tuple[str, str]:
    """A name and its transcription."""
    words = pairs.split()
    at = 2 * random.randrange(len(words) // 2)
    return words[at], words[at + 1]


def _address(first: str, last: str, employee_id: str) -> str:
    return f"{first}.{last}.{employee_id}@yuanshan.example".lower()

"""How names are read where a dictionary of characters reads them otherwise: 单 shan, 曾 zeng; 重庆 chong qing."""

from __future__ import annotations

from collections.abc import Mapping


def _table(lines: str) -> Mapping[str, tuple[str, ...]]:
    pairs = (pair.split("=") for pair in lines.split())
    return {word: tuple(sounds.split("-")) for word, sounds in pairs}


# Surnames, of two characters too: character(s) → syllables.
SURNAMES = _table("""
    单=shan 卜=bu 阚=kan 曾=zeng 解=xie 仇=qiu 区=ou 查=zha 盖=ge 翟=zhai 缪=miao 朴=piao 覃=qin 员=yun 折=she 乜=nie
    乐=yue 隗=wei 秘=bi 祭=zhai 句=gou 繁=po 洗=xian 都=du 适=kuo 炅=gui 种=chong 召=shao 牟=mu 重=chong
    万俟=mo-qi 尉迟=yu-chi 单于=chan-yu 澹台=tan-tai
""")

# Places, and words of the trade, in which a character is read in its rarer way.
WORDS = _table("""
    重庆=chong-qing 长安=chang-an 长城=chang-cheng 长春=chang-chun 长丰=chang-feng 长江=chang-jiang 长宁=chang-ning
    长沙=chang-sha 长三角=chang-san-jiao 长兴=chang-xing 长治=chang-zhi 长虹=chang-hong 长远=chang-yuan 成都=cheng-du
    首都=shou-du 都市=du-shi 六安=lu-an 厦门=xia-men 乐清=yue-qing 音乐=yin-yue 番禺=pan-yu
    铅山=yan-shan 蚌埠=beng-bu 银行=yin-hang 行业=hang-ye 行情=hang-qing 会计=kuai-ji 传记=zhuan-ji
    涡阳=guo-yang 重组=chong-zu 重建=chong-jian 重复=chong-fu 重新=chong-xin 调解=tiao-jie 调节=tiao-jie
    调整=tiao-zheng 空调=kong-tiao 宝藏=bao-zang 西藏=xi-zang 洪洞=hong-tong 柏林=bo-lin
""")

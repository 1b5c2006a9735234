using System.Runtime.CompilerServices;

namespace IrohRpc.Hostile;

/// <summary>Payloads that ended a process, or read its memory, before payloads were checked.</summary>
internal static class KnownPayloads
{
    public static IReadOnlyList<(string Method, byte[] Payload)> All { get; } =
    [
        .. new[] { int.MinValue, int.MinValue + 1, int.MinValue + 2, int.MinValue + 3 }.Select(header => ("StringAsync", Ints(header, -1))),
        ("StringAsync", Ints(int.MinValue, 0, 0)),
        ("StringAsync", Ints(-2, int.MaxValue, 65)),
        ("StringAsync", [.. Ints(-2, 5), (byte)'a']),
        ("StringAsync", [1, 0, 0, 0, 0, 0xD8]),
        ("NodeAsync", [.. Enumerable.Repeat((byte)1, 15_000), 255]),
        ("TolerantTreeAsync", [3, 0x82, .. Ints(-2_000_000_000), 0, 0]),
        ("TolerantTreeAsync", [4, 0, 0, 8, 0x82, .. Ints(-100), 7, 0, 0, 0, 0, 0, 0, 0]),
        ("ListTolerantAsync", [.. Ints(2), 7, 0, 0, 0, 0, 0, 0, 0x82, .. Ints(-9), 1, 0]),
        ("BigIntegerAsync", Ints(-2_000_000_000, 0)),
        ("BigIntegerAsync", Ints(-1000)),
        ("IntGridAsync", [3, .. Ints(30_000, 30_000, 0)]),
        ("IntGridAsync", [3, .. Ints(32_768, 32_768, 0)]),
        ("IntGridAsync", [3, .. Ints(46_341, 46_341, 0)]),
        ("StringGridAsync", [3, .. Ints(20_000, 20_000, 0)]),
        ("ByteCubeAsync", [4, .. Ints(2_000, 2_000, 2_000, 0)]),
        ("BitArrayAsync", [2, .. Ints(int.MaxValue, 0)]),
        ("BitArrayAsync", [2, .. Ints(64, 3, 1, 2, 3)]),
        ("DecimalAsync", [.. Enumerable.Repeat((byte)255, 16)]),
        ("DateTimeAsync", [.. Enumerable.Repeat((byte)255, 8)]),
        ("RuneAsync", Ints(0xD800)),
        ("BoolAsync", [2]),
        ("IntArrayAsync", Ints(0x4000_0001, 0)),
        ("DecimalArrayAsync", Ints(0x1000_0000, 0, 0, 0, 0)),
        ("FlagsArrayAsync", Ints(int.MaxValue)),
        ("PersonArrayAsync", [.. Ints(int.MaxValue), 255]),
        ("GraphAsync", [250, 0]),
        ("GraphAsync", [3, 0, 0, 0, 0x82, .. Ints(-1)]),
        ("ListGraphAsync", [.. Ints(2), 3, 0, 0, 0, 0, 3, 0, 0, 0, 0]),
        ("IShapeAsync", [250, 44, 1, 255]),
        ("IShapeAsync", [251]),
        ("IShapeAsync", [2, 1, 0, 0, 0, 0]),
        ("StringBuilderAsync", Ints(-2)),
        ("StringBuilderAsync", Ints(int.MaxValue)),
        ("VersionAsync", [4, .. Ints(-1, 0, 0, 0)]),
        ("CultureInfoAsync", [.. Ints(-15, 14), .. "en-x-aaaaaaaaa"u8]),
        ("TimeZoneInfoAsync", [.. Ints(-12, 11), .. "/etc/passwd"u8]),
        ("TimeZoneInfoAsync", [.. Ints(-13, 12), .. "../../passwd"u8]),
        ("MembersAsync", [5, .. Ints(-1, -1, 0, 0, -1, 0)]),
        ("MembersAsync", [5, .. Ints(0, -1, 1, -1, 0, -1, 0)]),
        ("MembersAsync", [5, .. Ints(0, -1, 0, 0, -1, 1, -1, -1)]),
        ("StringArrayAsync", Ints(1, -1)),
        ("StringArrayArrayAsync", Ints(1, -1)),
        ("AnnotatedAsync", [5, .. Ints(0, -1, int.MinValue, -1, 0)]),
        ("SecretAsync", [2, .. Ints(-5, 7)]),
        ("TransitionTimeAsync", [.. Enumerable.Repeat((byte)255, Unsafe.SizeOf<TimeZoneInfo.TransitionTime>())]),
        ("SqlInt32Async", [.. Enumerable.Repeat((byte)2, Unsafe.SizeOf<System.Data.SqlTypes.SqlInt32>())]),
        ("InlineBoolsAsync", [1, 0, 2, 1]),
        ("CapturedAsync", [.. Enumerable.Repeat((byte)255, Unsafe.SizeOf<Captured>())]),
        ("ForeignAsync", [.. Enumerable.Repeat((byte)255, Unsafe.SizeOf<Foreign>())]),
        ("LongAsync", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ];

    private static byte[] Ints(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}

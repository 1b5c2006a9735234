namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>A method stays under the versions under which it shipped, and no other joins it.</summary>
public class MethodChangeTests : ChangeTests
{
    /// <summary>What shipped, what the source says now with the place at fault in brackets, and what is said of it.</summary>
    public static TheoryData<string, string, string, string, string> Changes => new()
    {
        {
            "a method is removed",
            """[Alpn("c/1")] public partial interface IC { Task F(int a, CancellationToken t); void G(); }""",
            """[Alpn("c/1")] public partial interface [|IC|] { void G(); }""",
            "IROHRPC033",
            "Under \"c/1\", 'IC' has lost \"F\", which shipped as (i32)->void: peers out there that call it get Unimplemented; put it back, or leave \"c/1\" to an interface of its own that has it, and give this one a new ALPN, \"c/2\""
        },
        {
            "a method is renamed",
            """[Alpn("c/1")] public partial interface IC { Task<int> FindAsync(string a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task<int> [|SeekAsync|](string a, CancellationToken t); }""",
            "IROHRPC033",
            "Under \"c/1\", 'IC.SeekAsync' is \"Seek\" on the wire, and shipped as \"Find\": peers out there that call it get Unimplemented; give it [WireName(\"Find\")]"
        },
        {
            "a wire name is removed",
            """[Alpn("c/1")] public partial interface IC { [WireName("Old")] Task F(int a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { Task [|F|](int a, CancellationToken t); }""",
            "IROHRPC033",
            "Under \"c/1\", 'IC.F' is \"F\" on the wire, and shipped as \"Old\": peers out there that call it get Unimplemented; give it [WireName(\"Old\")]"
        },
        {
            "a wire name is changed",
            """[Alpn("c/1")] public partial interface IC { [WireName("Old")] Task F(int a, CancellationToken t); }""",
            """[Alpn("c/1")] public partial interface IC { [WireName("New")] Task [|F|](int a, CancellationToken t); }""",
            "IROHRPC033",
            "Under \"c/1\", 'IC.F' is \"New\" on the wire, and shipped as \"Old\": peers out there that call it get Unimplemented; give it [WireName(\"Old\")]"
        },
        {
            "a base interface is removed",
            """
            public interface IBase { Task F(int a, CancellationToken t); }
            [Alpn("c/1")] public partial interface IC : IBase { void G(); }
            """,
            """
            public interface IBase { Task F(int a, CancellationToken t); }
            [Alpn("c/1")] public partial interface [|IC|] { void G(); }
            """,
            "IROHRPC033",
            "Under \"c/1\", 'IC' has lost \"F\", which shipped as (i32)->void: peers out there that call it get Unimplemented; put it back, or leave \"c/1\" to an interface of its own that has it, and give this one a new ALPN, \"c/2\""
        },
        {
            "a method is removed from all versions",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface IC { Task F(int a, CancellationToken t); void G(); }""",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface [|IC|] { void G(); }""",
            "IROHRPC033",
            "Under \"c/2\" and \"c/1\", 'IC' has lost \"F\", which shipped as (i32)->void: peers out there that call it get Unimplemented; put it back, or leave \"c/2\" and \"c/1\" to an interface of its own that has it, and give this one a new ALPN, \"c/3\""
        },
        {
            "an ALPN is removed",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); }""",
            """[Alpn("c/2")] public partial interface [|IC|] { void F(); }""",
            "IROHRPC037",
            "\"c/1\" shipped, and no contract serves it: peers out there that have nothing newer fail with NoCommonAlpn; put it back, or write \"retired\" behind it in IrohRpc.Shipped.txt"
        },
        {
            "[Since] is added to a method that shipped",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); [Since("c/2")] void G(); }""",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface IC { [[|Since("c/2")|]] void F(); [Since("c/2")] void G(); }""",
            "IROHRPC036",
            "'IC.F' shipped under \"c/1\", and is not part of that any more: peers out there that call it get Unimplemented; put [Since] back to where it was"
        },
        {
            "[Since] is removed",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); [Since("c/2")] void G(); }""",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); void [|G|](); }""",
            "IROHRPC036",
            "'IC.G' shipped with \"c/2\", and is part of \"c/1\" now: calling it at peers out there with that ends in Unimplemented; give it [Since(\"c/2\")] again"
        },
        {
            "[Since] is moved to an older version",
            """[Alpn("c/3"), Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); [Since("c/3")] void G(); }""",
            """[Alpn("c/3"), Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); [[|Since("c/2")|]] void G(); }""",
            "IROHRPC036",
            "'IC.G' shipped with \"c/3\", and is part of \"c/2\" now: calling it at peers out there with that ends in Unimplemented; give it [Since(\"c/3\")] again"
        },
        {
            "[Since] is moved to a younger version",
            """[Alpn("c/3"), Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); [Since("c/2")] void G(); }""",
            """[Alpn("c/3"), Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); [[|Since("c/3")|]] void G(); }""",
            "IROHRPC036",
            "'IC.G' shipped under \"c/2\", and is not part of that any more: peers out there that call it get Unimplemented; put [Since] back to where it was"
        },
        {
            "a method is added to a shipped version",
            """[Alpn("c/1")] public partial interface IC { void F(); }""",
            """[Alpn("c/1")] public partial interface IC { void F(); void [|G|](); }""",
            "IROHRPC038",
            "Under \"c/1\", 'IC.G' is new: peers out there speak that without it, so that calling it there ends in Unimplemented; give it [Since(\"c/2\")] and 'IC' [Alpn(\"c/2\")]"
        },
        {
            "a method is added to several shipped versions",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); }""",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); void [|G|](); }""",
            "IROHRPC038",
            "Under \"c/2\" and \"c/1\", 'IC.G' is new: peers out there speak that without it, so that calling it there ends in Unimplemented; give it [Since(\"c/3\")] and 'IC' [Alpn(\"c/3\")]"
        },
        {
            "a method comes in by a base interface",
            """[Alpn("c/1")] public partial interface IC { void F(); }""",
            """
            public interface IBase { void [|G|](); }
            [Alpn("c/1")] public partial interface IC : IBase { void F(); }
            """,
            "IROHRPC038",
            "Under \"c/1\", 'IC.G' is new: peers out there speak that without it, so that calling it there ends in Unimplemented; give it [Since(\"c/2\")] and 'IC' [Alpn(\"c/2\")]"
        },
        {
            "an overload is added",
            """[Alpn("c/1")] public partial interface IC { void F(); }""",
            """[Alpn("c/1")] public partial interface IC { void F(); [WireName("FInt")] void [|F|](int a); }""",
            "IROHRPC038",
            "Under \"c/1\", 'IC.F' is new: peers out there speak that without it, so that calling it there ends in Unimplemented; give it [Since(\"c/2\")] and 'IC' [Alpn(\"c/2\")]"
        },
        {
            "a method is added [Since] a version that has shipped",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); }""",
            """[Alpn("c/2"), Alpn("c/1")] public partial interface IC { void F(); [Since("c/2")] void [|G|](); }""",
            "IROHRPC038",
            "Under \"c/2\", 'IC.G' is new: peers out there speak that without it, so that calling it there ends in Unimplemented; give it [Since(\"c/3\")] and 'IC' [Alpn(\"c/3\")]"
        },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public Task A_method_that_goes_comes_or_moves_is_an_error(string change, string shipped, string source, string id, string message)
        => AssertReportedAsync(change, shipped, source, id, message);
}

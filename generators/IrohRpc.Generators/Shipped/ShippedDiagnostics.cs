using IrohRpc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Shipped;

/// <summary>What the compiler says of a contract that differs from what shipped. Each has a page under docs/diagnostics.</summary>
/// <remarks>Each message says what changed, what a peer out there would see, and what to do.</remarks>
internal static class ShippedDiagnostics
{
    /// <summary>The property that holds the documentation id of the contract.</summary>
    public const string ContractProperty = "Contract";

    /// <summary>The property that holds the ALPN which a code fix adds, or the one that it marks as retired.</summary>
    public const string AlpnProperty = "Alpn";

    /// <summary>The property of <see cref="MethodRemoved"/> that holds the name on the wire which a renamed method had.</summary>
    public const string WireNameProperty = "WireName";

    private const string Record = "record it with \"" + ShippedText.Command + "\" before it ships";

    public static readonly DiagnosticDescriptor NewContract = Create(
        "IROHRPC030",
        "A contract is not recorded as shipped",
        "\"{0}\" of '{1}' is not recorded, so that nothing keeps it from changing once peers out there speak it; " + Record,
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor Addition = Create(
        "IROHRPC031",
        "An addition that older peers tolerate is not recorded",
        "{0} is added to what shipped under {1}: {2}; " + Record,
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor MethodChanged = Create(
        "IROHRPC032",
        "A method that shipped has another form",
        "Under {0}, '{1}' {2}: {3}; {4}");

    public static readonly DiagnosticDescriptor MethodRemoved = Create(
        "IROHRPC033",
        "A method that shipped is gone",
        "Under {0}, '{1}' {2}: peers out there that call it get Unimplemented; {3}");

    public static readonly DiagnosticDescriptor TypeChanged = Create(
        "IROHRPC034",
        "A type that shipped has another layout",
        "Under {0}, '{1}' {2}: {3}; {4}");

    public static readonly DiagnosticDescriptor RetiredAgain = Create(
        "IROHRPC035",
        "A retired ALPN is used again",
        "\"{0}\" is retired, and '{1}' serves it: peers out there that still have it would take this for what they know; "
            + "use a new ALPN, such as \"{2}\", or take the word \"retired\" out of " + ShippedText.FileName + " to be held to what shipped");

    public static readonly DiagnosticDescriptor SinceMoved = Create(
        "IROHRPC036",
        "[Since] of a method that shipped has moved",
        "'{0}' shipped {1}: {2}; {3}");

    public static readonly DiagnosticDescriptor AlpnGone = Create(
        "IROHRPC037",
        "An ALPN that shipped is gone and not retired",
        "\"{0}\" shipped, and no contract serves it: peers out there that have nothing newer fail with NoCommonAlpn; "
            + "put it back, or write \"retired\" behind it in " + ShippedText.FileName);

    public static readonly DiagnosticDescriptor MethodAdded = Create(
        "IROHRPC038",
        "A method is new in a version that has shipped",
        "Under {1}, '{0}' is new: peers out there speak that without it, so that calling it there ends in Unimplemented; give it [Since(\"{2}\")]{3}");

    public static readonly DiagnosticDescriptor Unreadable = Create(
        "IROHRPC039",
        "The record of what shipped cannot be read",
        "Line {0} of " + ShippedText.FileName + " {1}; until then nothing is checked against what peers out there speak");

    public static readonly DiagnosticDescriptor Lost = Create(
        "IROHRPC049",
        "The record of what shipped is lost",
        ShippedText.FileName + " {0}, so that nothing holds '{1}' to what peers out there speak; restore it from source control, or, where nothing has shipped, record again with \""
            + ShippedText.Command + "\"");

    /// <summary>All of them.</summary>
    public static DiagnosticDescriptor[] All { get; } =
        [NewContract, Addition, MethodChanged, MethodRemoved, TypeChanged, RetiredAgain, SinceMoved, AlpnGone, MethodAdded, Unreadable, Lost];

    private static DiagnosticDescriptor Create(
        string id, string title, string message, DiagnosticSeverity severity = DiagnosticSeverity.Error) => new(
            id,
            title,
            message,
            "IrohRpc",
            severity,
            isEnabledByDefault: true,
            helpLinkUri: HelpLinks.For(id),
            customTags: id is "IROHRPC037" or "IROHRPC039" or "IROHRPC049" ? [WellKnownDiagnosticTags.CompilationEnd] : []);
}

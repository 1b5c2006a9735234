using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Mistakes around contracts that compile, or that the compiler explains badly. Each has a page under docs/diagnostics.</summary>
internal static class UsageDiagnostics
{
    /// <summary>The property of a diagnostic with the contract that is meant.</summary>
    public const string ContractProperty = "Contract";

    /// <summary>The property of a diagnostic with an ALPN for an interface.</summary>
    public const string AlpnProperty = "Alpn";

    public static readonly DiagnosticDescriptor DefaultBody = Create(
        "IROHRPC042",
        "A method with a body is never called at a peer",
        "'{0}' has a body, which runs at the caller whatever the service implements: take the body away, or say that it is meant with 'sealed' or an extension method");

    public static readonly DiagnosticDescriptor ImplementedInVain = Create(
        "IROHRPC051",
        "A service implements what its callers never ask it for",
        "'{0}' implements '{1}', which has a body: callers run that body themselves, and never this; take the body away there to make it a remote method");

    public static readonly DiagnosticDescriptor NotAContract = Create(
        "IROHRPC043",
        "A type argument is no contract",
        "'{0}' is no contract, so '{1}' does not take it: {2}",
        DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor BlockedOnValueTask = Create(
        "IROHRPC044",
        "The result of a call is taken before it is there",
        "'{0}' returns a ValueTask, which gives its result once and only when the call has ended: await it, or call AsTask() before anything waits for it");

    public static readonly DiagnosticDescriptor SinceOfNobody = Create(
        "IROHRPC045",
        "[Since] names an ALPN that no contract has",
        "[Since(\"{0}\")] on '{1}' has no effect: {2}, which inherit '{3}', have no such ALPN",
        isAtEnd: true);

    public static readonly DiagnosticDescriptor AlpnForgotten = Create(
        "IROHRPC046",
        "An interface with attributes of a contract is none",
        "'{0}' has [{1}] on '{2}', but neither [Alpn] nor a contract that inherits it: give it [Alpn(\"{3}/1\")]",
        isAtEnd: true);

    public static readonly DiagnosticDescriptor ComparerLost = Create(
        "IROHRPC047",
        "A comparer does not travel",
        "This {0} arrives without its comparer: '{1}' sends the elements, and the other side compares them by the default");

    public static readonly DiagnosticDescriptor DerivedLost = Create(
        "IROHRPC048",
        "A derived object arrives as its base",
        "This '{0}' arrives as '{1}', without what it has besides: send it as '{0}', or declare the cases of '{1}' with [MemoryPackUnion]");

    public static readonly DiagnosticDescriptor UnnamedForm = Create(
        "IROHRPC052",
        "The bytes of a type are known to its code alone",
        "'{0}' is written by code of yours, of which method ids know its name only: give it [WireName(\"{0}\")], and another one whenever the bytes change",
        DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor FaultUndeclared = Create(
        "IROHRPC055",
        "A fault that is not declared loses its detail",
        "{0} this fault, so that callers get a plain RpcException with its status code and message: add [Fault<{1}>] in the contract");

    public static readonly DiagnosticDescriptor NotOneWay = Create(
        "IROHRPC060",
        "A contract cannot be called over a topic",
        "'{1}' does not take '{0}': {2}",
        DiagnosticSeverity.Error);

    /// <summary>All of them.</summary>
    public static DiagnosticDescriptor[] All { get; } =
        [DefaultBody, ImplementedInVain, NotAContract, BlockedOnValueTask, SinceOfNobody, AlpnForgotten, ComparerLost, DerivedLost, UnnamedForm, FaultUndeclared, NotOneWay];

    private static DiagnosticDescriptor Create(
        string id, string title, string message, DiagnosticSeverity severity = DiagnosticSeverity.Warning, bool isAtEnd = false) => new(
            id,
            title,
            message,
            "IrohRpc",
            severity,
            isEnabledByDefault: true,
            helpLinkUri: HelpLinks.For(id),
            customTags: isAtEnd ? [WellKnownDiagnosticTags.CompilationEnd] : []);
}

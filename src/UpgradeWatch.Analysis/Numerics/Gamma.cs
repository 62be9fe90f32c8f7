namespace UpgradeWatch.Analysis.Numerics;

/// <summary>The logarithm of the gamma function and the incomplete beta function.</summary>
internal static class Gamma
{
    private const double Tiny = 1e-300;

    /// <summary>From here on the fraction would need too many terms, and the distribution is normal to 1 %.</summary>
    private const double NearlyNormal = 5000;

    private const double HalfLogTwoPi = 0.918938533204672741780329736406;

    /// <summary>
    /// ln Gamma(x) for x above 0, to about 14 digits: Stirling's series (Abramowitz and Stegun 6.1.41)
    /// after shifting x above 10.
    /// </summary>
    public static double Log(double x)
    {
        var shift = 0.0;
        while (x < 10)
        {
            shift -= Math.Log(x);
            x++;
        }

        var inverse = 1 / x;
        var square = inverse * inverse;
        var series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))));
        return shift + (x - 0.5) * Math.Log(x) - x + HalfLogTwoPi + series;
    }

    /// <summary>
    /// The regularized incomplete beta function I_x(a, b) for a, b above 0 and x in [0, 1], by its continued fraction
    /// (Abramowitz and Stegun 26.5.8) and the modified Lentz method.
    /// </summary>
    public static double RegularizedBeta(double x, double a, double b)
    {
        if (x <= 0)
            return 0;
        if (x >= 1)
            return 1;

        if (Math.Min(a, b) > NearlyNormal)
            return NormalBeta(x, a, b);

        // The fraction converges fast only on this side of the mean.
        if (x > (a + 1) / (a + b + 2))
            return 1 - RegularizedBeta(1 - x, b, a);

        var front = Log(a + b) - Log(a) - Log(b) + a * Math.Log(x) + b * Math.Log(1 - x);
        return Math.Clamp(Math.Exp(front) * Fraction(x, a, b) / a, 0, 1);
    }

    /// <summary>The standard normal distribution function, to 7 digits (Abramowitz and Stegun 26.2.17).</summary>
    public static double Normal(double z)
    {
        var t = 1 / (1 + 0.2316419 * Math.Abs(z));
        var series = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        var tail = Math.Exp(-z * z / 2 - HalfLogTwoPi) * series;
        return z > 0 ? 1 - tail : tail;
    }

    /// <summary>
    /// The value below which a standard normal variable is with a probability strictly between 0 and 1: Abramowitz and
    /// Stegun 26.2.23, improved by two of Newton's steps.
    /// </summary>
    public static double NormalQuantile(double probability)
    {
        var tail = Math.Min(probability, 1 - probability);
        var t = Math.Sqrt(-2 * Math.Log(tail));
        var z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
        for (var i = 0; i < 2; i++)
            z += (Normal(-z) - tail) / Math.Exp(-z * z / 2 - HalfLogTwoPi);
        return probability < 0.5 ? -z : z;
    }

    private static double NormalBeta(double x, double a, double b)
    {
        // Abramowitz and Stegun 26.5.22's idea: cube roots make both chi-squares nearly normal.
        var left = Math.Cbrt(b * x);
        var right = Math.Cbrt(a * (1 - x));
        var distance = left * (1 - 1 / (9 * b)) - right * (1 - 1 / (9 * a));
        return Normal(3 * distance / Math.Sqrt(left * left / b + right * right / a));
    }

    private static double Fraction(double x, double a, double b)
    {
        var c = 1.0;
        var d = 1 / NotZero(1 - (a + b) * x / (a + 1));
        var result = d;
        for (var m = 1; m <= 10_000; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / NotZero(1 + even * d);
            c = NotZero(1 + even / c);
            result *= c * d;

            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / NotZero(1 + odd * d);
            c = NotZero(1 + odd / c);
            result *= c * d;
            if (Math.Abs(c * d - 1) < 1e-14)
                break;
        }

        return result;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
